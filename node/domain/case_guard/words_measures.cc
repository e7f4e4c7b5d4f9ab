#include "node/domain/case_guard/lexicon.h"

namespace geflecht::domain::case_guard {
namespace {

constexpr Entry kEntries[] = {
    // What was done with one family: by the youth welfare office, a court, a clinic.
    {Kind::kMeasure, 3,
     "in obhut genommen|in obhut nehmen|in obhut|taken into care|taken into custody|removed from|"
     "placed in foster*|fremdplatzier*|fremduntergebracht|fremdunterbring*|aus der familie genommen|"
     "aus der familie geholt|sorgerecht entzogen|sorgerechtsentzug|entzug der elterlichen|"
     "elterliche sorge entzogen|care order|child protection plan|under section 47"},
    {Kind::kMeasure, 2,
     "inobhutnahme|ion|bereitschaftspflege*|bereitschaftspflegefamilie|pflegefamilie|"
     "foster family|foster care|foster carer*|foster placement|heimunterbringung|wohngruppe|"
     "im heim|ins heim|stationaere unterbringung|children s home|"
     "spfh|sozialpaedagogische familienhilfe|familienhilfe|familienhelfer*|erziehungsbeistand*|"
     "family support worker|hilfeplan*|hpg|hilfe zur erziehung|hze|care plan|"
     "8a meldung|8a|meldung nach 8a|paragraf 8a|gefaehrdungsmeldung|gefaehrdungseinschaetzung|"
     "kindeswohlgefaehrd*|kwg|gefaehrdungsbogen|meldebogen|child protection referral|"
     "child protection concern*|safeguarding referral|safeguarding concern*|child protection|"
     "schutzplan|schutzkonzept unterschrieben|familiengericht*|family court|amtsgericht|"
     "amtsvormund*|vormund*|guardianship|guardian|ergaenzungspfleger*|verfahrensbeistand*|"
     "umgangspfleger*|beistandschaft|sorgeregister|gewaltschutz*|naeherungsverbot|wegweisung|"
     "platzverweis|strafanzeige|anzeige erstattet|restraining order|frauenhaus|women s refuge|"
     "refuge|mutter kind einrichtung|mutter kind heim|mutter kind haus|mother and baby unit|"
     "kinderschutzhaus|notaufnahmegruppe|clearingstelle|jugendpsychiatrie|"
     "in der psychiatrie|stationaer aufgenommen|stationaer behandelt|eingewiesen|zwangseinweis*|"
     "psychkg|unterbringungsbeschluss|sectioned|admitted to|discharged from|"
     "schulbegleit*|integrationshelfer*|eingliederungshilfe|inklusionsassist*|"
     "familienhebamme besucht|familienhebamme bei|familienhebamme seit|hausbesuch*|home visit*|"
     "jugendamt eingeschaltet|jugendamt informiert|jugendamt ist|jugendamt war|jugendamt hat|"
     "jugendamt wurde|jugendamt wegen|beim jugendamt gemeldet|beim jugendamt bekannt|"
     "dem jugendamt bekannt|asd ist|asd wurde|asd informiert|asd hat|asd eingeschaltet|"
     "social services|social worker visited|known to social|allocated social worker|"
     "schweigepflichtentbindung|schweigepflichtsentbindung|adoption*|adoptiert|perspektivklaer*|"
     "rueckfuehrung|rueckgefuehrt|returned home|reunification|dauerpflege|vollzeitpflege|"
     "tagesgruppe|sozialer dienst|schulausschluss|suspendiert|excluded from school|"
     "anhoerung|gutachten|assessment|entbindung von der schweigepflicht|drogenscreening|"
     "drogentest|haarprobe|drug test|entziehungskur|langzeittherapie|mutter kind kur|"
     "notfallplan|sicherheitsplan|krisenintervention|krisengespraech|elterngespraech|"
     "hilfeangebot"},
    {Kind::kMeasure, 1,
     "jugendamt|asd|gericht|court|polizei|police|youth office|meldung|gemeldet|referral|referred|"
     "angemeldet|ueberwiesen|vermittelt|betreut|begleitet|familienhebamme*|"
     "beratungsgespraech|fallkonferenz|fallbesprechung|fallverlauf|case conference|case review|"
     "helferkonferenz|runder tisch zu|antrag auf|kur|mutter kind|kinderklinik|frauenklinik|"
     "kinderarzt|kinderaerztin|paediatrician|social worker|fruehchenstation|erstgespraech"},
};

}  // namespace

std::span<const Entry> MeasureWords() { return kEntries; }

}  // namespace geflecht::domain::case_guard
