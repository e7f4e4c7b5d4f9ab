#include "node/domain/case_guard/lexicon.h"

namespace geflecht::domain::case_guard {
namespace {

constexpr Entry kEntries[] = {
    // What networks do: meetings, papers, training, money.
    {Kind::kTopic, 2,
     "fortbildung*|*fortbildung|fachtag*|schulung*|*schulung|workshop*|seminar*|webinar*|vortrag|"
     "vortrags*|referent*|vortraege|tagung*|kongress*|*konzept|konzepte|*leitfaden|leitlinie*|"
     "broschuere*|flyer*|plakat*|merkblatt|merkblaetter|handreichung*|*wegweiser|newsletter|"
     "homepage|webseite|website|rundbrief|pressemitteilung|kampagne|statistik*|*bericht|"
     "jahresbericht*|evaluation|evaluiert|umfrage|befragung|befragt*|studie|studien|forschung*|"
     "projekt|projekte|projekts|modellprojekt*|programm|programme|initiative|bundesinitiative|"
     "foerderantrag|foerdermittel*|foerderrichtlinie*|foerderung|foerderungen|finanzier*|haushalt|"
     "haushaltsansatz|budget*|kooperationsvereinbarung*|vereinbarung|vereinbarungen|*vereinbarung|"
     "satzung|geschaeftsordnung|charta|beschlussfaehig*|tagesordnung*|arbeitsgruppe*|arbeitskreis*|"
     "arbeitsgemeinschaft|steuerungsgruppe*|qualitaetszirkel*|netzwerk*|netzwerks|plenum|gremium|"
     "gremien|zielgruppe*|*zielgruppe|kurs|kurse|kursen|elternkurs*|gruppenangebot*|"
     "gesetz|gesetzentwurf|gesetzes|*gesetz|landesgesetz|rechtsgrundlage|verfahren|"
     "ablaufplan|ablaufschema|checkliste|fragebogen|formular|vordruck*|muster|screening|"
     "spenden|spende|honorar*|reisekosten|fahrtkosten|stelle|stellen|stellenanteil*|ausschreibung|"
     "fachkraefte|fachkraeften|traeger|traegern|ehrenamtliche*|freiwillige|honorarkraefte|"
     "oeffentlichkeitsarbeit|ausstellung|theaterstueck|lesung|film|elternabend*|infoabend*|"
     "infostand|sprechstunde*|*sprechstunde|oeffnungszeiten|supervision|empfehlung|empfehlungen|"
     "stellungnahme|diskussion|debatte|abstimmung|beschlossen|beschliesst|bestandsaufnahme|"
     "bedarfserhebung|*planung|massnahmenplan|kennzahl*|indikator*|ziel|ziele|angebot|angebote|"
     "angebots|protokoll|protokolle|teilnehmerliste|anmeldungen|teilnehmende*|redaktionsschluss|"
     "verwaltung|ausschuss|*ausschuss|stadtrat|kreistag|ministerium|fachstelle|arbeitshilfe|"
     "titel|thema|themen|impuls|impulsvortrag|moderation|notfallnummer|fachaustausch|planspiel|"
     "verteiler|verzeichnis|spielregeln|fallzahlen|uebungsfall|beispiel|fallbeispiel*|rollenspiel|"
     "training|trainings|conference|brochure*|leaflet*|survey|budget|minutes|agenda|"
     "working group*|steering group|steering committee|network|network s|charter|agreement|funding|"
     "grant|statistics|report|reports|reported|speaker|course|courses|campaign|policy|guideline*|"
     "checklist|questionnaire|volunteers|professionals|staff|proposal|decision|item|members|"
     "partners|organisations|organizations|posters|pathway|procedure|legislation|lecture|talk|"
     "ministry|council|audit|target|objective|project|newsletter|seminar|refresher|handout"},
    {Kind::kTopic, 1,
     "sitzung*|*sitzung|top|termin|termine|einladung*|eingeladen|moderiert|vorstellung|vorgestellt|"
     "zustaendig*|ansprechpartner*|ansprechperson*|koordination|koordinator*|kooperation|"
     "zusammenarbeit|austausch|runde|ergebnis|ergebnisse|aufgabe|aufgaben|material*|druck|"
     "auflage|bedarf|kapazitaet*|wartezeit*|wartelist*|plaetze|raum|raeume|raeumen|ausbau|"
     "abs|sgb|kkg|bgb|dsgvo|datenschutz*|art|artikel|anlage|anhang|kapitel|seite|entwurf|"
     "version|fassung|frist|stichtag|quartal|jaehrlich|monatlich|kuenftig|zukuenftig|grundsaetzlich|"
     "allgemein*|regelmaessig*|einheitlich*|landkreis*|kreis|stadtteil*|sozialraum|region|"
     "landes*|bundes*|beratungsstelle*|familienzentr*|praxen|kliniken|einrichtungen|"
     "hebammen|frueher hilfen|fruehe hilfen|fruehen hilfen|kinderschutz|kindeswohl|"
     "praevention*|aufklaerung|bewilligt|genehmigt|verabschiedet|zugestimmt|stimmen|"
     "district*|county|service|services|centre|venue|deadline|register|item|practices|clinics|"
     "hospitals|prevention|awareness|topic|theme|annual|monthly|quarterly|standard|section|act"},
    // Any child, not one child.
    {Kind::kGeneric, 3,
     "wenn ein|wenn eine|falls ein|falls eine|sobald ein|sobald eine|jedes kind|jede familie|"
     "jeder familie|jedem kind|jede mutter|jeder mutter|jedes neugeborene|pro kind|je kind|je familie|"
     "pro familie|kein kind|keine familie|alle kinder|alle eltern|alle familien|allen familien|"
     "rund um|ihr kind stillen|kinder und jugend*|kinder und familien|muetter und vaeter|wann eine|"
     "wann ein|ob eine familie|wie wir mit eltern|every child|each child|any child|every family|"
     "each family|every mother|if a child|when a child|if a parent|when a mother|all families|"
     "all parents|per child|per family|no child|no family|children and families|"
     "mothers and fathers|mutter kind gruppe*|mutter kind station|mutter kind kurs*|vater kind*|"
     "ein kind kostet|das baby verstehen|das erste jahr|fuer das kind|interesse des kindes|"
     "wohl des kindes|kindes wohl|krankheit des kindes|alter des kindes|alter der kinder|"
     "geburt des kindes|schutz des kindes|recht des kindes|rechte des kindes"},
    {Kind::kGeneric, 2,
     "eltern mit|muettern|muetter|vaeter|vaetern|familien|babys mit|schwangere mit|schwangere und|"
     "schwangeren und|schwangere ab|schwangere ohne|schwangere aus|saeuglinge|saeuglingen|neugeborenen|"
     "kleinkinder|kleinkindern|kindern|jugendliche und|alleinerziehenden|alleinerziehende und|"
     "paare|betroffene|betroffenen|gefluechtete|gefluechteten|pflegeeltern|woechnerinnen|"
     "patientinnen|patienten und|klientinnen|ratsuchende|ratsuchenden|fachpersonen|werdende eltern|"
     "werdender eltern|junge eltern|jungen eltern|junge familien|kinder von|kinder ab|kinder bis|"
     "kinder unter|kinder mit|kinder mit|kinder aus|kinder in|kinder zwischen|kinder im alter|"
     "personen|menschen|bewohner|geburten|mothers|fathers|families|babies|infants|toddlers|newborns|"
     "pregnant women|women with|parents with|children with|children from|children under|"
     "young parents|single parents|foster families|clients|patients|young people|fathers groups"},
    {Kind::kStatistic, 2,
     "prozent|per cent|percent|anteil|quote|durchschnitt*|zahl der|anzahl|zahlen|im vorjahr|vorjahr|"
     "insgesamt|gesamt*|rund|mehrheit|haelfte|drittel|zwei drittel|two thirds|statistisch*|anstieg|"
     "gestiegen|gesunken|rueckgang|zunahme|faelle|faellen|number of|share of|average|increase|"
     "decrease|figures|compared with|total of|currently|euro|euros|landesweit|bundesweit|"
     "anfragen|beratungen|teilnahmen|haeufigste|haeufig sind"},
    // Marks.
    {Kind::kMark, kOffice,
     "jugendamt*|kreisjugendamt*|stadtjugendamt|gesundheitsamt*|sozialamt*|jobcenter|caritas|"
     "diakonie|awo|drk|arbeiterwohlfahrt|kinderschutzbund|pro familia|lebenshilfe|profamilia|"
     "krankenkasse|aok|tk|klinikum|klinik|kliniken|krankenhaus|krankenhauses|hospital|praxis|"
     "frauenklinik|geburtsklinik|kinderklinik|familienzentrum|familienbuero|familienbildung*|"
     "beratungsstelle|beratung|*beratung|fachstelle|*fachstelle|*fachdienst|migrationsfachstelle|"
     "leitung|leiter|leiterin|*leiter|*leiterin|leitungsteam|koordinatorin|koordinator|"
     "netzwerkkoordinat*|geschaeftsfuehr*|vorstand|vorsitz*|vorsitzende|vorsitzender|"
     "stellvertret*|sprecher|sprecherin|beauftragte|*beauftragte|*beauftragter|dezernat|dezernentin|"
     "abteilung|sachgebiet|referat|stadt|landkreis|kreis|gemeinde|verein|e v|verband|traeger|"
     "stiftung|hochschule|universitaet|institut|akademie|bibliothek|polizei|rettungsdienst|"
     "kita|kindertagesstaette|schule|grundschule|schulamt|schulsozialarbeit|sozialdienst|"
     "hebamme|hebammen*|familienhebamme|hebammenpraxis|kinderaerztin|kinderarzt|frauenarzt*|"
     "frauenaerztin|amtsaerztin|aerztin|arzt|chefarzt|chefaerztin|oberarzt|oberaerztin|psychologin|"
     "psychologe|sozialpaedagog*|sozialarbeiter*|erzieherin|referentin|referent|richterin|richter|"
     "anwalt|rechtsanwalt|rechtsanwaeltin|moderator|moderatorin|protokollant*|schriftfuehr*|"
     "mitarbeiterin|mitarbeiter|vertreterin|vertreter|ansprechpartner*|amtsleit*|jugendamtsleit*|"
     "wohnungsbaugesellschaft|ministerium|familiengericht|migrationsdienst|gleichstellung*|"
     "kontaktperson|protokoll|vertretung|telefon|tel|mail|e mail|example|durchwahl|sekretariat|"
     "department|council|office|manager|director|deputy|head|chair|chairperson|coordinator|nurse|"
     "midwife|midwives|doctor|hospital|clinic|charity|university|judge|police|librarian|library|"
     "counsellor|counselling|service|services|team|centre|center|trust|minutes|contact person|"
     "representative|lecturer|trainer|speaker|consultant|paediatrician|secretary|treasurer"},
    {Kind::kMark, kReports,
     "berichtet|berichtete|berichten|stellt|stellte|erlaeutert|erlaeuterte|praesentiert|praesentierte|"
     "uebernimmt|moderiert|moderierte|informiert|informierte|schlaegt vor|regt|bittet|bat|fragt|"
     "fragte|dankt|dankte|begruesst|begruesste|eroeffnet|eroeffnete|schliesst|fuehrt|leitet|"
     "protokolliert|vertritt|ergaenzt|ergaenzte|weist|verweist|kuendigt|laedt|entsendet|benennt|"
     "evaluiert|organisiert|koordiniert|plant|verfasst|erstellt|verschickt|sagt zu|klaert|"
     "erklaert|erklaerte|liest|praesentieren|empfiehlt|wuenscht|betont|merkt an|verlaesst|scheidet|"
     "wechselt|gewaehlt|wurde gewaehlt|ist zustaendig|haelt|spricht ueber|erscheint|verabschiedet|"
     "steht zur verfuegung|bietet|legt vor|besucht die fortbildung|vertreten durch|stimmt|"
     "will draft|presented|presents|introduced|introduces|chaired|chairs|thanked|thanks|explained|"
     "explains|welcomed|opened|closed|suggested|suggests|compared|offers|offered|represents|replaced|"
     "reported|reports|sends|sent|proposed|proposes|will|agreed to|prepares|leads|organises"},
};

}  // namespace

std::span<const Entry> NetworkWords() { return kEntries; }

}  // namespace geflecht::domain::case_guard
