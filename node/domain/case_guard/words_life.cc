#include "node/domain/case_guard/lexicon.h"

namespace geflecht::domain::case_guard {
namespace {

constexpr Entry kEntries[] = {
    // How one family lives.
    {Kind::kFamily, 2,
     "alleinerziehend*|allein erziehend*|single mother|single mum|single father|single parent|"
     "getrennt lebend*|lebt getrennt|leben getrennt|lebt vom|lebt von|trennung|getrennt|"
     "hat sich getrennt|scheidung|geschieden|in scheidung|separated|divorced|divorce|split up|"
     "haeusliche gewalt|haeuslicher gewalt|gewalttaetig*|gewaltausbr*|schlaegt|schlug|geschlagen|"
     "geohrfeigt|ohrfeige*|verpruegelt|misshandelt|misshandl*|geschubst|gewuergt|tritt nach|"
     "getreten|bedroht|bedrohte|bedrohung*|beschimpft|angeschrien|schreit das kind|hits|hit her|"
     "hit him|hit the|beaten|beats|slapped|violent|violence at home|domestic violence|domestic abuse|"
     "abusive|threatened|threatens|stalk*|trinkt wieder|trinkt viel|trinkt regelmaessig|"
     "trinkt alkohol|alkoholisiert|betrunken|drunk|alkohol|alcohol|drogen|drugs|drogenkonsum*|"
     "konsumiert|konsum|kifft|raucht in|rueckfaellig|rueckfall|relapse*|clean seit|in haft|inhaftiert|"
     "haftstrafe|gefaengnis|untersuchungshaft|u haft|jva|prison|jail|vorbestraft|bewaehrung|"
     "straffaellig|polizeieinsatz*|polizei gerufen|polizei war|police were called|police called|"
     "verschuldet|schulden|mietschulden|ueberschuldet|privatinsolvenz|raeumungsklage|zwangsraeumung|"
     "raeumung|obdachlos*|wohnungslos*|notunterkunft|homeless|evicted|eviction|rent arrears|in debt|"
     "buergergeld|hartz|arbeitslos*|arbeitslosengeld|jobcenter bewilligt|bezieht leistungen|on benefits|"
     "unemployed|lost his job|lost her job|strom abgestellt|strom wurde|stromsperre|heizung|"
     "abgeschoben|abschiebung*|duldung|geduldet|asylverfahren|asylantrag|aufenthaltstitel|"
     "aufenthaltsstatus|gefluechtet aus|gefluechtete mutter|deportation|asylum|"
     "sorgerecht*|alleiniges sorgerecht|gemeinsames sorgerecht|umgang mit|umgangskontakt*|umgangsrecht*|"
     "begleiteter umgang|begleiteten umgang|umgaenge|umgang|custody|contact order|contact with father|"
     "supervised contact|visitation|kein kontakt zu|kontaktabbruch|keinen kontakt|"
     "kontakt zum vater|kontakt zur mutter|no contact with|lebt bei|wohnt bei|lebt mit|lebt seit|"
     "lebt allein|lebt in einer|lebt im|lebt in der|lebt derzeit|leben bei|lives with|living with|lives alone|"
     "stays with|ausgezogen|rausgeworfen|verlassen hat|hat die familie verlassen|moved out|walked out|"
     "verstorben|gestorben|verstarb|ist tot|died|passed away|bereavement|"
     "ungewollt schwanger|erneut schwanger|wieder schwanger|schwanger|pregnant|schwangerschaft|"
     "abtreib*|abbruch der schwangerschaft|schwangerschaftsabbruch|hochschwanger|erwartet ihr|"
     "erwartet ein|erwartet das|expecting her|entbunden|geburt ihres|nach der geburt ihres|"
     "minderjaehrige mutter|teenage mother|vaterschaft*|paternity|vater unbekannt|father unknown|"
     "leiblicher vater|leibliche mutter|leiblichen vater|leiblichen mutter|birth mother|birth father|"
     "patchwork*|halbgeschwister|zwangsheirat|zwangsverheirat*|forced marriage|beschneidung|fgm|"
     "vater sitzt|mutter sitzt|partnerschaftsgewalt|paarkonflikt*|elternkonflikt*|streit der eltern|"
     "streiten|streitet|streit mit|arguing|beengt*|zwei zimmer|messie|vermuellt*|keine heizung|"
     "keine eigene wohnung|ohne festen wohnsitz|sexarbeit*|prostitu*|analphabet*|"
     "lehnt hilfe ab|lehnen hilfe ab|verweigert hilfe|verweigert die|nicht kooperativ|unkooperativ|"
     "refuses help|refuses to|gesteht|gibt zu|gab an|gibt an|berichtete weinend|verzweifelt"},
    {Kind::kFamily, 1,
     "vater arbeitet|partner|neuer freund|neue freundin|neuer partner|neuen partner|new partner|"
     "zieht um|umgezogen|wohnung|schulschwierigkeiten|konflikt*|gewalt|violence|abuse|abused|"
     "kuemmert sich|versteht kein|spricht kein deutsch|gefluechtet|fled from|allein mit|alleine mit|"
     "alone with|unterhalt|trauert|jobverlust|berufstaetig|krippenplatz|betreuungsplatz|kitaplatz"},

    // Where a private person lives; how she can be reached; her numbers.
    {Kind::kAddress, 2,
     "wohnhaft|wohnhaft in|wohnt in der|wohnt am|wohnt im|wohnt an der|wohnen in der|wohnt in|wohnen im|"
     "gemeldet in|meldeadresse|wohnanschrift|privatadresse|anschrift der familie|lives at|"
     "living at|resident at|home address|lives on|lives in|residing|handynummer der|telefonnummer der mutter|"
     "handy der mutter|mobile of the mother"},
    {Kind::kReference, 2,
     "fallnummer|fall nr|fallnr|fallakte|aktenzeichen|az|aktenz|geschaeftszeichen|case no|"
     "case number|case ref|case id|case file|client no|client id|klientennummer|patientennummer|"
     "versichertennummer|versicherungsnummer|versichertennr|kv nummer|krankenversicherungsnummer|"
     "nhs number|hilfeplannummer|patienten id|pat nr|patnr|file number"},
};

}  // namespace

std::span<const Entry> LifeWords() { return kEntries; }

}  // namespace geflecht::domain::case_guard
