#include "node/domain/case_guard/lexicon.h"

namespace geflecht::domain::case_guard {
namespace {

constexpr Entry kEntries[] = {
    {Kind::kMark, kMister, "herr|herrn|frau|hr|fr|mr|mrs|ms|miss|madame"},
    {Kind::kMark, kHousehold, "familie|fam|eheleute|ehepaar|family|geschwister|grosseltern"},
    {Kind::kMark, kTitle,
     "dr|prof|professor|professorin|dipl|med|mag|pfarrer|pfarrerin|dezernent|dezernentin|"
     "buergermeister|buergermeisterin|oberbuergermeister|landrat|landraetin|minister|ministerin"},
    {Kind::kMark, kPossessive,
     "ihr|ihre|ihren|ihrem|ihrer|ihres|sein|seine|seinen|seinem|seiner|seines|her|his|their|deren|"
     "dessen"},
    {Kind::kMark, kBorn,
     "geb|geboren|geborene|geborener|geborenes|geborenen|geburtsdatum|gebdat|born|dob|"
     "date of birth|birth date|birthdate|jahrgang|jg|geburtstag|birthday"},
    {Kind::kMark, kMonth,
     "januar|jaenner|februar|maerz|april|mai|juni|juli|august|september|oktober|november|dezember|"
     "january|february|march|may|june|july|october|december"},
    {Kind::kMark, kKin,
     "sohn|sohnes|tochter|bruder|schwester|bruders|mutter|mama|mutti|vater|vaters|papa|kind|kindes|"
     "kinds|baby|babys|saeugling|enkel|enkelin|enkelkind|oma|opa|grossmutter|grossvater|tante|"
     "onkel|neffe|nichte|cousin|cousine|stiefvater|stiefmutter|stiefsohn|stieftochter|halbbruder|"
     "halbschwester|freund|partner|lebensgefaehrte|lebensgefaehrtin|lebensgefaehrten|ehemann|"
     "ehefrau|mann|exmann|expartner|exfreund|zwilling|zwillinge|zwillingen|soehne|toechter|juengster|"
     "juengste|juengsten|aelteste|aeltester|aeltesten|kleinen|pflegekind|pflegesohn|pflegetochter|"
     "pflegemutter|pflegevater|geschwister|eltern|kinder|kindern|"
     "son|daughter|brother|sister|mother|mum|mom|father|dad|grandmother|grandfather|grandma|"
     "grandpa|grandson|granddaughter|aunt|uncle|nephew|niece|stepfather|stepmother|stepdad|stepmum|"
     "husband|wife|boyfriend|girlfriend|ex|child|twins|toddler|infant|newborn|parents|children"},
    {Kind::kMark, kChildWord,
     "kind|kindes|kinds|kindern|junge|jungen|maedchen|bub|baby|saeugling|saeuglings|kleinkind|"
     "kleinkindes|schulkind|kitakind|pflegekind|neugeborenes|neugeborene|neugeborenen|schueler|"
     "schuelerin|schuelers|teenager|jugendliche|jugendlicher|jugendlichen|patient|patientin|"
     "patienten|klient|klientin|klienten|mandantin|ratsuchende|sohn|sohnes|tochter|bruder|"
     "schwester|mutter|vater|schwangere|schwangeren|frau|mann|zwillinge|zwilling|enkel|enkelin|"
     "geschwisterkind|geschwister|alleinerziehende|alleinerziehenden|halbbruder|halbschwester|"
     "child|boy|girl|toddler|infant|newborn|pupil|client|son|daughter|brother|sister|mother|father|"
     "woman|man|twins|teen|teenager"},
    {Kind::kMark, kPlain,
     "und|e|ev|im|in|mit|der|die|das|zentrum|zentren|stiftung|bildung|beruf|bund|rat|"
     "jugend|kinder|kind|senioren|soziales|gesundheit|frauen|frau|schule|kita|hilfe|hilfen|"
     "beratung|kirche|arbeit|freizeit|familie|familien|leben|lernen|heute|vor|ist|wird|stadt|"
     "support|services|service|centre|center|office|nurse|nurses|hub|hubs|support|law|court|"
     "court|doctor|doctors|planning|history|day|network|networks|grundschule|landkreis|kreis|"
     "ministerium|abteilung|pflege|integration|partnerschaft|referat|amt|bundesverband|team|"
     "hebamme|hebammen|aktiv|plus|info|card|karte|app|pass|paten|patinnen|"
     "bonn|koeln|kassel|berlin|hamburg|muenster|aachen|havelland|herten|nrw|deutschland|hessen|"
     "oekumene|inklusion|vielfalt|teilhabe|umwelt|sport|kultur|spiel|welt|international"},

    // One person, without a name.
    {Kind::kRelative, 3,
     "kindsmutter|kindesmutter|kindsvater|kindesvater|kindseltern|kindeseltern|kindsvaters|"
     "kindesvaters|kindvater|kindmutter"},
    {Kind::kRelative, 2,
     "die mutter|der vater|des vaters|des kleinen jungen|sohn|sohnes|tochter|stiefvater|stiefvaters|stiefmutter|stiefsohn|stieftochter|halbbruder|"
     "halbschwester|stiefbruder|ex partner|expartner|ex mann|exmann|ex freund|exfreund|ex frau|"
     "exfrau|expartners|ex partners|ehemann|ehemannes|ehefrau|lebensgefaehrte|lebensgefaehrten|"
     "lebensgefaehrtin|grossmutter|oma|opa|enkel|enkelin|enkelkind|neffe|nichte|geschwisterkind|"
     "pflegesohn|pflegetochter|aelteste tochter|zwillingsbruder|zwillingsschwester|"
     "der kleine|die kleine|den kleinen|dem kleinen|des kleinen|das kleine maedchen|"
     "der junge ist|der junge hat|der junge war|der junge wird|der junge wurde|des jungen|"
     "das maedchen|dem maedchen|des maedchens|das baby|dem baby|des babys|der saeugling|"
     "dem saeugling|den saeugling|des saeuglings|das kleinkind|das neugeborene|"
     "der schueler|dem schueler|den schueler|die schuelerin|der schuelerin|"
     "die klientin|der klient|dem klienten|den klienten|des klienten|der klientin|unsere klientin|"
     "unser klient|unserer klientin|eine klientin|ein klient|einer klientin|"
     "die patientin|der patient|eine patientin|einer patientin|ein patient|"
     "die jugendliche|der jugendliche|dem jugendlichen|den jugendlichen jungen|"
     "die junge frau|der junge mann|die werdende mutter|die junge mutter|eine junge mutter|"
     "einer jungen mutter|der jungen mutter|die alleinerziehende|die schwangere ist|"
     "das geschwisterkind|das pflegekind|dem pflegekind|das juengste kind|das aelteste kind|"
     "der juengste|die juengste|der aelteste|die aelteste|beide kinder|die beiden kinder|"
     "alle drei kinder|die drei kinder|ihre kinder|ihre beiden kinder|seine kinder|"
     "son|daughter|stepfather|stepmother|stepdad|stepson|stepdaughter|ex husband|ex partner|"
     "ex boyfriend|ex wife|husband|wife|boyfriend|grandmother|grandma|grandfather|half brother|"
     "half sister|the boy|the girl|the little girl|the little boy|the baby|the infant|the toddler|"
     "the newborn|this child|the pupil|our client|the client|the patient|a client of|her baby|"
     "her child|his child|her children|his children|their child|her mother|his mother|her mum|"
     "his mum|her father|his father|her partner|her dad|his dad|the twins|both children|"
     "the two children|her brother|his brother|her sister|his sister"},
    {Kind::kRelative, 1,
     "das kind|dem kind|des kindes|dieses kind|der mutter|den vater|dem vater|die eltern|die familie|der familie|eine familie|einer familie|"
     "eine mutter|einer mutter|ein vater|ein kind|ein junge|einen jungen|ein maedchen|ein baby|"
     "ein saeugling|eine schwangere|einer schwangeren|die schwangere|eine jugendliche|"
     "ein jugendlicher|bruder|schwester|schwesterchen|mutter|vater|mama|papa|zwillinge|freund der|"
     "freund des|kind|baby|saeugling|junge|"
     "the child|the mother|the father|the parents|the family|a mother|a boy|a girl|a family|"
     "mother|father|brother|sister|mum|dad|parents|child|boy|girl|infant"},
};

}  // namespace

std::span<const Entry> PeopleWords() { return kEntries; }

}  // namespace geflecht::domain::case_guard
