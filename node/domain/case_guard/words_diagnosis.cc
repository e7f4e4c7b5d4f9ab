#include "node/domain/case_guard/lexicon.h"

namespace geflecht::domain::case_guard {
namespace {

constexpr Entry kEntries[] = {
    {Kind::kDiagnosis, 3,
     "diagnose f|icd 10|icd10|verdachtsdiagnose|diagnostiziert|diagnosed with|diagnosed|"
     "diagnose erhalten|diagnose lautet|die diagnose|diagnose nach|erkrankt an|leidet an|"
     "leidet unter|suffers from|wurde diagnostiziert"},
    {Kind::kDiagnosis, 2,
     "adhs|ads|adhd|autis*|asperger*|depressi*|wochenbettdepression*|borderline*|schizophren*|"
     "psychos*|psychot*|psychiatri*|bipolar*|angststoerung*|panikattack*|panic attack*|"
     "zwangsstoerung*|essstoerung*|anorexi*|magersucht*|bulimi*|posttraumatisch*|ptbs|ptsd|"
     "traumatisier*|traumatised|trauma|suizid*|selbstmord*|suicid*|selbstverletz*|ritzt|ritzen|"
     "self harm*|selfharm*|sucht|suchtkrank*|suchterkrank*|drogenabhaengig*|drogensuechtig*|"
     "alkoholkrank*|alkoholabhaengig*|alkoholiker*|alkoholproblem*|alkoholsucht*|alcoholi*|"
     "substitut*|methadon*|polamidon|subutex|entzug|entgiftung*|heroin*|kokain*|cannabis*|crystal|"
     "amphetamin*|crack|spielsuechtig*|spielsucht|epilep*|krampfanfa*|fieberkrampf*|asthma*|"
     "diabetes|diabet*|neurodermitis|mukoviszidose|cystic fibrosis|herzfehler*|heart defect|"
     "trisomie*|down syndrom*|downsyndrom*|fetale*|fasd|fas|alkoholsyndrom*|fetal alcohol|"
     "foetal alcohol*|spina bifida|zerebralparese|cerebralparese|infantile cerebralparese|"
     "cerebral palsy|spasti*|hydrocephalus|mikrozephal*|muskeldystroph*|lippen kiefer*|"
     "gaumenspalte|hoerschaed*|gehoerlos*|schwerhoerig*|hoergeraet*|cochlea*|sehbehinder*|blind|"
     "geistig behindert*|geistige behinderung|koerperbehindert*|mehrfachbehinder*|"
     "schwerbehinder*|lernbehinder*|intelligenzminder*|learning disab*|entwicklungsverzoeger*|"
     "entwicklungsrueckst*|entwicklungsstoer*|developmental delay*|developmentally delayed|"
     "sprachentwicklungs*|sprachstoerung*|speech delay*|mutismus|mutistisch*|stottert|stottern|"
     "enuresis|enkopresis|einnaess*|naesst ein|naesst wieder ein|naesst nachts|einkot*|kotet ein|"
     "bettnaess*|gedeihstoerung*|failure to thrive|faltering growth|untergewicht*|underweight|"
     "adipos*|uebergewichtig|fehlernaehr*|mangelernaehr*|unterernaehr*|malnourish*|fruehgeb*|"
     "fruehchen|premature*|preterm|fehlgeburt*|totgeburt*|miscarriage|stillbirth|"
     "schwangerschaftsdiabetes|praeeklampsie|schuetteltrauma|schuettel trauma|shaken baby|"
     "bindungsstoerung*|attachment disorder|regulationsstoerung*|schreibaby|schreikind|"
     "verhaltensauffaellig*|verhaltensstoer*|conduct disorder|persoenlichkeitsstoerung*|"
     "personality disorder|zwangserkrank*|psychisch krank*|psychisch erkrankt*|psychisch auff*|"
     "psychisch belastet|psychische erkrankung|psychische probleme|mental illness|"
     "mental health problem*|mental health issues|nervenzusammenbruch|burnout|burn out|"
     "magersuechtig|tumor*|krebs|krebserkrank*|leukaemie|leukaemi*|chemotherapie|cancer|leukemia|"
     "hiv|hiv positiv|hepatitis|tuberkulose|tbc|tuberculosis|multiple sklerose|demenz|schlaganfall|"
     "rollstuhl|pflegegrad|pflegestufe|ritalin|medikinet|methylphenidat|antidepress*|neuroleptik*|"
     "psychopharmak*|quetiapin|sertralin|citalopram|insulin*|sondenernaehr*|magensonde|"
     "beatmet|neonatal*|schlafstoerung*|wahnvorstell*|halluzin*|paranoi*|manisch|manie|"
     "vergewaltig*|raped|missbrauch*|sexuell misshandelt|sexuell missbraucht|sexual abuse|"
     "sexuelle uebergriffe|sexueller uebergriff|uebergriffig*|abhaengigkeitssyndrom*|"
     "anpassungsstoerung*|belastungsstoerung*|intoxikation*|hirnblutung*|schaedel*|"
     "lernschwaeche|legasthenie|dyskalkulie|tourette*|narkolepsie|zoeliakie|laktoseintoleran*|"
     "erdnussallergie|nussallergie|hydronephrose|skoliose|hueftdysplasie|klumpfuss|"
     "entwicklungsgefaehrd*|seelisch behindert|seelische behinderung|seelischen behinderung|"
     "drohende behinderung|kognitive einschraenkung*|behindert|suechtig|addicted|addiction|drug use|"
     "using drugs|using heroin|heroin user|drinking again|drinks heavily|drinks a lot"},
    {Kind::kDiagnosis, 1,
     "diagnos*|krank|erkrank*|krankheit*|stoerung*|syndrom*|disorder*|illness|therapie|"
     "psychotherap*|klinikaufenthalt|stationaer*|medikament*|medication|ambulanz|allergi*|"
     "behinderung*|disab*|disability|entwicklungstest|befund*|verdacht auf|symptom*|auffaellig*|"
     "operiert|operation|op|krankenhaus|hospital|notaufnahme|emergency department|kjp|spz|"
     "logopaed*|ergotherap*|fruehfoerder*|sprachfoerder*|speech therapy|early intervention"},

    // What somebody saw or heard of one child.
    {Kind::kObservation, 2,
     "blaue flecke*|blauen flecke*|blauer fleck|haematom*|bruise*|bruising|brandwunde*|"
     "verbrennung*|verbrueh*|burn mark*|bisswunde*|bissspur*|bite mark*|knochenbruch|fraktur*|"
     "fracture*|griffspur*|striemen|verletzung*|verletzt|injur*|platzwunde|narben|abgemagert|"
     "ungepflegt*|ungewaschen*|verwahrlos*|vernachlaessig*|neglect*|unkempt|dirty clothes|"
     "verdreckt*|verschmutzt*|schmutzig*|vermuell*|schimmel*|laeuse|laeusebefall|head lice|"
     "riecht nach|stinkt|roch nach|smells of|hungrig|hungry|unterversorgt|"
     "nimmt nicht zu|nicht zugenommen|gewicht stagniert|nimmt ab|nicht zunimmt|schlecht zu|"
     "trinkt schlecht|isst kaum|isst nichts|isst nicht|verweigert das essen|verweigert nahrung|"
     "schreit viel|schreit staendig|schreit nachts|weint viel|weint oft|weint staendig|weint nur|"
     "weinte|weint beim|weint bei|weint haeufig|weinerlich|crying|cries|keeps crying|"
     "schlaeft schlecht|schlaeft nicht|schlaeft kaum|zieht sich zurueck|zurueckgezogen|withdrawn|"
     "spricht nicht|spricht noch nicht|spricht kaum|spricht kein|spricht nur|noch nicht sprechen|"
     "laeuft noch nicht|does not speak|doesn t speak|not yet talking|not talking|not gaining weight|"
     "has not gained|losing weight|laeuft nicht|sitzt noch nicht|beisst|kratzt|schlaegt um sich|"
     "haut andere|tritt andere|wutanfaell*|aggressiv*|aggressive|ausraster|rastet aus|"
     "distanzlos|verstoert*|veraengstigt*|aengstlich|apathisch*|teilnahmslos*|frightened|scared|"
     "schwaenzt|schulverweiger*|schulabsent*|schulabstin*|fehlt unentschuldigt|unentschuldigt|"
     "fehltage|truan*|school refus*|abgehauen|ausgerissen|weggelaufen|ran away|runs away|missing|"
     "vermisst|klaut|gestohlen|diebstahl|stolen|allein zu hause|alleine zu hause|"
     "allein gelassen|alleine gelassen|allein zuhause|alleine zuhause|unbeaufsichtigt*|"
     "home alone|left alone|unsupervised|eingesperrt|sexualisiert*|ohne fruehstueck|"
     "ohne jacke|windel*|kommt zu spaet|nicht abgeholt|abgeholt wird|zu spaet abgeholt|"
     "termine nicht wahr|termin nicht wahr*|nicht erschienen|nicht geoeffnet|oeffnet nicht|"
     "tuer nicht|missed appointment*|did not attend|hat erzaehlt|erzaehlte|vertraute sich|vertraut sich|"
     "anvertraut|offenbart|disclosed|told us|told her teacher|told the|u untersuchung nicht|"
     "nicht bei der u|impfungen fehlen|impfung fehlt|ungeimpft|zaehne|karies|zahnstatus|tooth decay|"
     "ueberforder*|overwhelmed|not coping|struggling|nicht bindungsfaehig|meidet blickkontakt|"
     "blickkontakt|eye contact|erschoepft|uebermuedet|exhausted|wirkt muede|schlaefrig|"
     "gedeiht nicht|auffaelliges verhalten|auffaellig geworden|starke stimmungsschwank*"},
    {Kind::kObservation, 1,
     "weint|schreit|trinkt|schlaeft|wirkt|wirkte|wirken|reagiert|angst|angespannt|still|blass|duenn|"
     "mude|muede|traurig|verweigert|droht|sorgen um|besorgt|concerned|worried|fehlt|appears|seems|"
     "gestillt|stillt|fuettert|gefuettert|entlassen|versorgt|geimpft|untersucht|gewicht"},
};

}  // namespace

std::span<const Entry> DiagnosisWords() { return kEntries; }

}  // namespace geflecht::domain::case_guard
