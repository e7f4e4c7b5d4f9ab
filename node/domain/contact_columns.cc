#include "node/domain/contact_columns.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "node/domain/text.h"

namespace geflecht::domain {
namespace {

// Headings as FoldHeading gives them, between spaces: German and English, as found in lists made by
// hand and in exports of Outlook, Google Contacts, Nextcloud and Apple Contacts.
struct Headings {
  ColumnUse use;
  std::string_view field;
  std::string_view headings;
};

constexpr Headings kHeadings[] = {
    {ColumnUse::kField, "given_name", "vorname vornamen rufname givenname firstname forename"},
    {ColumnUse::kField, "prefix",
     "namenstitel akademischertitel akadtitel akgrad akademischergrad titelakademisch nameprefix "
     "honorificprefix prefix"},
    {ColumnUse::kField, "suffix", "suffix namenszusatz namensuffix namesuffix honorificsuffix"},
    {ColumnUse::kField, "salutation", "salutation geschlechtsanrede anredeform pronomen pronouns"},
    {ColumnUse::kField, "function",
     "funktion funktionen position funktionposition positionfunktion taetigkeit aufgabe "
     "aufgabenbereich beruf berufsbezeichnung stelle stellenbezeichnung dienststellung "
     "dienstbezeichnung amtsbezeichnung profession function jobtitle jobposition occupation "
     "organizationtitle"},
    {ColumnUse::kField, "network_role",
     "rolle rolleimnetzwerk netzwerkrolle funktionimnetzwerk rollenetzwerk role networkrole "
     "roleinnetwork"},
    {ColumnUse::kField, "organisation",
     "organisation organisationen organisationsname einrichtung einrichtungname nameeinrichtung "
     "namedereinrichtung einrichtungsname institution institutioneinrichtung "
     "einrichtunginstitution einrichtungtraeger traegereinrichtung institutiontraeger "
     "organisationeinrichtung einrichtungorganisation traeger firma firmenname unternehmen "
     "dienststelle behoerde amt verein verband praxis kita kindertagesstaette schule klinik "
     "klinikum netzwerkpartner mitgliedsorganisation organization organizationname "
     "organisationname company companyname institutionname employer agency"},
    {ColumnUse::kField, "department",
     "abteilung abteilungen fachbereich fachdienst sachgebiet referat bereich abt dezernat team "
     "department organizationdepartment division unit abteilungreferat fachbereichabteilung "
     "abteilungsachgebiet"},
    {ColumnUse::kField, "phone",
     "telefon tel fon telefonnr telefonnummer telnr telnummer rufnummer festnetz durchwahl "
     "telefondienstlich teldienstlich diensttelefon diensttel dienstltelefon telefondienst "
     "telefonbuero telefongeschaeftlich telefongesch telgeschaeftlich telefonarbeit "
     "telefonfestnetz telefonzentrale telefonfirma telefonnummerdienstlich telefondienstl "
     "teldienstl phone phonenumber telephone telephonenumber businessphone businesstelephone "
     "workphone officephone phonework phonebusiness telwork phone1value primaryphone "
     "hauptrufnummer haupttelefon companymainphone telefon1 phone1"},
    {ColumnUse::kField, "phone_2",
     "telefon2 tel2 weiterestelefon telefongeschaeftlich2 zweitetelefonnummer businessphone2 "
     "phone2 phone2value otherphone weiteretelefone"},
    {ColumnUse::kField, "mobile",
     "mobil handy mobiltelefon mobilnummer handynummer handynr mobilnr mobilfunk mobilfunknummer "
     "mobildienstlich diensthandy handydienstlich mobilgeschaeftlich mobiltelefondienstlich "
     "mobile mobilephone mobilenumber cell cellphone cellular phonemobile mobilework"},
    {ColumnUse::kField, "email",
     "email mail emailadresse mailadresse emailadressen emaildienstlich maildienstlich "
     "dienstlicheemail dienstemail emailgeschaeftlich emailgesch emailarbeit emailbuero "
     "emaildienst emailadressedienstlich emaildienstl emailaddress mailaddress email1 email1value "
     "email1address workemail businessemail emailwork primaryemail elektronischepost"},
    {ColumnUse::kField, "email_2",
     "email2 mail2 zweiteemail weitereemail emailadresse2 email2adresse email2address "
     "emailaddress2 email2value"},
    {ColumnUse::kField, "street",
     "strasse str strassenr strassehausnr strassehausnummer strasseundhausnummer strasseundnr "
     "strassenummer dienststrasse strassedienstlich strassegeschaeftlich strassedienst "
     "strassearbeit street streetaddress businessstreet workstreet address1 addressline1"},
    {ColumnUse::kField, "postal_code",
     "plz postleitzahl plzdienstlich postleitzahlgeschaeftlich plzgeschaeftlich plzarbeit "
     "postalcode postcode zip zipcode businesspostalcode workpostalcode"},
    {ColumnUse::kField, "city",
     "ort stadt dienstort ortdienstlich ortgeschaeftlich ortgesch ortarbeit gemeinde city town "
     "businesscity workcity"},
    {ColumnUse::kField, "topics",
     "zustaendigfuer zustaendigkeit zustaendigkeiten themen thema schwerpunkt schwerpunkte "
     "themenschwerpunkt themenschwerpunkte arbeitsschwerpunkt arbeitsschwerpunkte themenfeld "
     "themenfelder angebote angebot kategorie kategorien schlagworte stichwoerter topics topic "
     "responsibility "
     "responsibilities responsiblefor categories category keywords"},
    {ColumnUse::kField, "availability",
     "erreichbarkeit erreichbar erreichbarkeiten sprechzeit sprechzeiten sprechstunde "
     "sprechstunden buerozeiten telefonzeiten telefonischerreichbar oeffnungszeiten arbeitszeiten "
     "arbeitstage availability officehours reachable workinghours"},
    {ColumnUse::kField, "deputy",
     "vertretung stellvertretung vertreter vertreterin vertretungdurch stellvertreter "
     "stellvertreterin stellv stellvertretende deputy substitute standin"},
    {ColumnUse::kField, "verified_at",
     "bestaetigtam zuletztbestaetigt geprueftam geprueft stand standdatum datenstand "
     "aktualisiertam letzteaktualisierung verifiedat verifiedon confirmedat confirmedon "
     "lastverified lastconfirmed"},
    {ColumnUse::kField, "role_end",
     "funktionsende funktionbis endederfunktion imamtbis roleend roleuntil functionend endofrole"},
    {ColumnUse::kField, "info_status",
     "infostatus informiertnachart1314 informationnachart1314 infostatusart1314"},
    {ColumnUse::kField, "purpose", "zweck verarbeitungszweck purpose"},
    {ColumnUse::kField, "legal_basis", "rechtsgrundlage legalbasis"},
    {ColumnUse::kField, "retention_class", "loeschklasse retentionclass retention"},
    {ColumnUse::kFullName, "",
     "name vollername vollstaendigername namevorname vornamename nachnamevorname vornamenachname "
     "ansprechpartner ansprechpartnerin ansprechpartnerinnen ansprechperson ansprechpersonen "
     "kontakt kontaktperson person anzeigename nameperson namederansprechperson mitarbeiter "
     "mitarbeiterin fullname displayname contact contactname contactperson personname "
     "formattedname fn"},
    {ColumnUse::kFamilyName, "",
     "nachname familienname zuname hausname familyname lastname surname"},
    {ColumnUse::kTitle, "", "anrede titel title anredetitel titelanrede"},
    {ColumnUse::kMoreGiven, "",
     "weiterevornamen zweitername zweitervorname middlename additionalname middlenames"},
    {ColumnUse::kMoreStreet, "",
     "strassegeschaeftlich2 strassegeschaeftlich3 businessstreet2 businessstreet3 adresszusatz "
     "addressline2 address2"},
    {ColumnUse::kAddress, "",
     "adresse anschrift dienstanschrift dienstadresse postanschrift postadresse adressedienstlich "
     "anschriftdienstlich bueroadresse geschaeftsadresse adressegeschaeftlich lieferanschrift "
     "address workaddress businessaddress officeaddress mailingaddress postaladdress"},
    {ColumnUse::kPlace, "",
     "plzort plzundort plzstadt ortplz postleitzahlort plzwohnort postalcodecity zipcity"},
    {ColumnUse::kPrivate, "",
     "geburtstag geburtsdatum gebdatum gebdat geb geburtsjahr geburtsort geburtsname alter kinder "
     "kinderzahl anzahlkinder partner partnerin ehepartner ehepartnerin ehegatte lebenspartner "
     "lebenspartnerin familienstand jahrestag hochzeitstag privateanschrift anschriftprivat "
     "adresseprivat privatadresse privatanschrift wohnanschrift wohnadresse strasseprivat "
     "strasseprivat2 strasseprivat3 ortprivat regionprivat bundeslandkantonprivat "
     "postleitzahlprivat plzprivat wohnort "
     "landregionprivat landprivat postfachprivat telefonprivat telprivat telefonprivat2 "
     "privattelefon festnetzprivat faxprivat mobilprivat handyprivat privathandy emailprivat "
     "mailprivat privateemail privatemail foto bild profilbild portrait religion konfession "
     "kirchenzugehoerigkeit nationalitaet staatsangehoerigkeit herkunft geschlecht hobby hobbys "
     "interessen gesundheit allergien allergie ernaehrung essensvorlieben unvertraeglichkeiten "
     "parteizugehoerigkeit partei gewerkschaft iban kontonummer bankverbindung steuernummer "
     "steuerid regierungsnr sozialversicherungsnr sozialversicherungsnummer personalausweisnummer "
     "spitzname nickname birthday "
     "birthdate dateofbirth dob birthplace maidenname age children spouse spousename wife husband "
     "maritalstatus anniversary homestreet homestreet2 homestreet3 homecity homestate "
     "homepostalcode homecountry homecountryregion homepobox homeaddress homeaddresspobox "
     "homephone homephone2 homefax homeemail privateaddress personaladdress personalemail "
     "privatephone privateemailaddress photo picture image avatar faith nationality gender sex "
     "hobbies interests diet dietaryrequirements allergies governmentidnumber "
     "socialsecuritynumber bankaccount relation1value event1value"},
    {ColumnUse::kFreeText, "",
     "bemerkung bemerkungen notiz notizen anmerkung anmerkungen kommentar kommentare hinweis "
     "hinweise sonstiges freitext beschreibung note notes comment comments remark remarks "
     "description memo miscellaneous other"},
    {ColumnUse::kCase, "",
     "kind kindname namekind namedeskindes namedeskinds kindesname vornamekind vornamedeskindes "
     "nachnamekind nachnamedeskindes familiennamedeskindes geburtsdatumkind geburtsdatumdeskindes "
     "geburtstagkind geburtstagdeskindes gebdatumkind alterkind alterdeskindes "
     "geschlechtdeskindes kinddaten kinddesfalls klient klientin klientinnen klienten "
     "klientenname nameklient klientennummer ratsuchende ratsuchender patient patientin patienten "
     "patientinnen patientenname patientennummer patientenid versichertennummer "
     "krankenversicherungsnummer diagnose diagnosen diagnosecode hauptdiagnose nebendiagnose "
     "verdachtsdiagnose icd icd10 icd10code befund befunde anamnese symptome erkrankung "
     "erkrankungen krankheit medikation medikamente behinderung beeintraechtigung foerderbedarf "
     "pflegegrad entwicklungsstand schwangerschaftswoche ssw entbindungstermin errechnetertermin "
     "familie familien familiedeskindes namederfamilie familienangehoerige familiensituation "
     "mutter vater eltern elternteil sorgeberechtigte sorgeberechtigter personensorgeberechtigte "
     "namedermutter namedesvaters namemutter namevater namedereltern namederkindesmutter "
     "kindesmutter kindesvater geschwister fall fallnr fallnummer fallid fallbezeichnung "
     "fallbeschreibung fallverlauf fallart fallakte fallgeschichte falldatum aktenzeichenfall "
     "aktenzeichen hilfeplan hilfeart hilfegrund hilfebedarf beratungsanlass beratungsgrund "
     "gefaehrdung gefaehrdungseinschaetzung kindeswohlgefaehrdung kindeswohl 8a verdacht child "
     "childname nameofchild childsname childfirstname childlastname childdateofbirth "
     "childsdateofbirth childbirthdate childage familycase familymembers client clients "
     "clientname clientid patientname patientid patientnumber diagnosis diagnoses diagnosiscode "
     "icdcode medicalhistory medication symptoms illness disability family mother father parent "
     "parents guardian guardians siblings case caseid caseno casenumber casefile casedescription "
     "casenotes careplan riskassessment childprotectioncase"},
};

std::vector<ColumnRule> MakeRules() {
  std::vector<ColumnRule> rules;
  for (const Headings& group : kHeadings) {
    std::string_view rest = group.headings;
    while (!rest.empty()) {
      const std::size_t size = std::min(rest.find(' '), rest.size());
      rules.push_back({rest.substr(0, size), group.use, group.field});
      rest.remove_prefix(std::min(size + 1, rest.size()));
    }
  }
  std::sort(rules.begin(), rules.end(),
            [](const ColumnRule& a, const ColumnRule& b) { return a.heading < b.heading; });
  return rules;
}

}  // namespace

const std::vector<ColumnRule>& ColumnRules() {
  static const std::vector<ColumnRule> rules = MakeRules();
  return rules;
}

const ColumnRule* FindColumnRule(std::string_view heading) {
  const std::string folded = FoldHeading(heading);
  const std::vector<ColumnRule>& rules = ColumnRules();
  const auto found = std::lower_bound(
      rules.begin(), rules.end(), folded,
      [](const ColumnRule& rule, const std::string& wanted) { return rule.heading < wanted; });
  return found != rules.end() && found->heading == folded ? &*found : nullptr;
}

}  // namespace geflecht::domain
