#include "node/domain/case_guard/lexicon.h"

namespace geflecht::domain::case_guard {
namespace {

// First names as they are given in Germany today, from families of many languages; names that are
// also frequent words, months or places (Mai, Rosa, Viola, Sky, Ali in "Alibi") are left out.
constexpr Entry kEntries[] = {
    {Kind::kMark, kGiven,
     "adam|adrian|alessio|alex|alexander|alexandra|alexis|alina|alisa|alma|amelie|amy|andrea|"
     "andreas|anja|anke|ann|anna|annalena|anne|anneke|annika|anni|anton|antonia|antonio|arne|arthur|"
     "astrid|aurelia|aurora|bastian|bea|beate|ben|benedikt|benjamin|bennet|bennett|benno|bernd|"
     "bianca|birgit|bjarne|bjoern|boris|bruno|carl|carla|carlo|carlotta|carolin|caroline|carsten|"
     "cedric|celina|celine|charlie|charlotte|chiara|chris|christa|christiane|christina|christine|"
     "christoph|christopher|clara|claudia|clemens|collin|cora|cornelia|daniel|daniela|danny|dario|"
     "david|dean|denise|dennis|diana|diego|dieter|dirk|dominic|dominik|dorothea|eddie|edgar|eileen|"
     "elena|eleni|elias|elif|elina|elisa|elisabeth|elise|ella|elli|elly|elsa|emil|emilia|emilie|"
     "emily|emma|emmi|emmy|enno|enrico|erik|erika|esther|eva|fabian|fabienne|fabio|fanny|felicia|"
     "felicitas|felix|fenja|ferdinand|fiete|filip|fine|finja|finley|finn|finnja|fiona|florentine|"
     "florian|franka|franz|franziska|frederik|freya|frida|frieda|friedrich|fritz|gabriel|gabriela|"
     "gabriele|georg|gerda|gerhard|gina|giulia|greta|gustav|hailey|hanna|hannah|hannes|hans|harald|"
     "hedi|hedwig|heike|heiko|helen|helena|helene|helga|helmut|hendrik|henri|henriette|henrik|henry|"
     "hermine|holger|hugo|ian|ida|ilja|ilse|ilvy|ina|ines|inga|ingo|ingrid|isabel|isabell|isabella|"
     "isabelle|ivan|jacob|jakob|jamie|jan|jana|jane|janina|janine|janis|janna|jannik|jannis|jara|"
     "jaron|jason|jayden|jenna|jennifer|jenny|jens|jeremy|jessica|jette|jil|jill|joana|joanna|"
     "jochen|joel|johann|johanna|johannes|john|jolina|jona|jonah|jonas|jonathan|jonte|joris|josef|"
     "joseph|josefine|joshua|josie|josua|judith|jule|julia|julian|juliane|julie|juliette|julina|"
     "julius|juna|juri|justin|justus|jutta|karin|karl|karla|karolina|karsten|kaspar|katharina|"
     "katja|katrin|kevin|kilian|kim|kira|klaus|konrad|konstantin|korbinian|kristin|kristina|lana|"
     "lara|larissa|lars|lasse|laura|laurens|laurenz|laurin|lea|leah|leana|leander|leandro|lena|leni|"
     "lenia|lenja|lenn|lennard|lennart|lennox|lenny|leo|leon|leonard|leonardo|leonas|leonhard|"
     "leonie|leonora|leopold|levi|levin|levke|lewis|lia|liam|liana|lias|lilia|lilian|liliana|lilly|"
     "lily|lina|linda|linnea|linus|lio|lisa|lisbeth|liv|livia|loki|lorena|lorenz|lotta|lotte|lou|"
     "louis|louisa|louise|luana|luca|lucas|lucia|lucie|lucy|ludwig|luis|luisa|luise|luka|lukas|"
     "luke|luna|lutz|lya|lydia|mads|magda|magdalena|maik|maja|malea|malia|malik|malin|malina|malou|"
     "malte|manfred|manuel|manuela|mara|marc|marcel|marco|marcus|mareike|maren|margarete|margarethe|"
     "margit|maria|mariam|marie|marieke|marielle|marina|mario|marius|marko|markus|marla|marleen|"
     "marlen|marlene|marlon|marta|martha|martin|martina|marvin|mary|mateo|mathilda|mathis|mats|"
     "matteo|matthias|matthis|mattis|maurice|max|maxim|maxima|maximilian|maya|meike|melanie|melina|"
     "melissa|merle|merve|mia|michael|michaela|michel|michelle|miguel|mika|mikael|mila|milan|milena|"
     "miley|milla|milo|milou|mina|mira|miriam|mirja|monika|moritz|muriel|nadine|nadja|nala|"
     "nancy|naomi|natalie|natascha|neele|nele|nelly|nevio|nick|niclas|nico|nicola|nicolas|nicole|"
     "niels|nik|nika|niklas|niko|nikolai|nikolas|nils|nina|noah|noel|noelle|nora|norbert|ole|oliver|"
     "olivia|oscar|oskar|otto|pascal|patricia|patrick|patrizia|paul|paula|pauline|pepe|peter|petra|"
     "phil|philip|philipp|phillip|philippa|phoebe|pia|pius|quentin|rafael|rahel|raik|rainer|ralf|"
     "ramona|raphael|rebecca|rebekka|regina|renate|rene|ricarda|riccardo|richard|rico|rieke|riley|"
     "robert|robin|roland|romina|romy|ronja|ronny|ruben|runa|ruth|sabine|sabrina|sally|salome|"
     "sam|samantha|sami|samira|samuel|sandra|sandro|sandy|sara|sarah|sascha|saskia|scarlett|"
     "sebastian|selina|selma|severin|silas|silke|silvia|simon|simone|sina|sofia|sofie|sonja|"
     "sophia|sophie|stefan|stefanie|steffen|stella|stephan|stephanie|steve|steven|susanne|"
     "svea|sven|svenja|sylvia|tabea|tamara|tamina|tamino|tanja|tara|tessa|thalia|thea|theo|theodor|"
     "theresa|therese|thilo|thomas|thore|thorsten|tia|tiago|till|tilda|tim|timea|timm|timo|timon|"
     "tina|tjark|tobias|tom|tomas|tommy|toni|torben|torsten|tristan|tyler|tyson|udo|ulrich|ulrike|"
     "ursula|ute|uwe|valentin|valentina|valerie|vanessa|vera|verena|veronika|victor|victoria|"
     "viktor|viktoria|vincent|vivian|vivien|volker|werner|wilhelm|wolfgang|xaver|yannic|yannick|"
     "yannik|yannis|yara|yvonne|zoe|zoey|chantal|cheyenne|cindy|jacqueline|mandy|jerome|jayson|"
     "marvin|maddox|ryan|kayla|kylie|leticia|shania|shirin|dustin|enya|emely|leonel"},
    {Kind::kMark, kGiven,
     // Turkish, Kurdish
     "adem|ahmet|alperen|alparslan|arda|aras|asli|asya|aylin|ayse|aysel|aysenur|ayaz|azad|aziz|"
     "azra|baran|baris|berat|berfin|berivan|beyza|bilal|burak|busra|cansu|cem|ceren|ceylin|"
     "cihan|dilan|dilara|ebru|ecrin|eda|efe|egemen|ela|elanur|emine|emir|emirhan|emre|enes|ensar|"
     "ercan|erdem|eren|erkan|ersin|esila|esma|esra|eylul|eymen|eyuep|eyup|fadime|faruk|fatih|fatma|"
     "ferhat|feyza|furkan|gizem|goekhan|gokhan|guel|guelay|guelsen|gulsen|halil|hasan|hatice|hava|"
     "havin|hilal|hira|hueseyin|huseyin|ibrahim|ilayda|ilker|irem|ismail|kaan|kadir|kemal|kerem|"
     "koray|leyla|lina|mehmet|melek|meltem|merve|mert|meryem|mesut|metehan|miray|miran|mirac|murat|"
     "mustafa|nazli|nehir|nisa|nurcan|oemer|omer|oezlem|ozlem|okan|onur|orhan|osman|oykue|"
     "ramazan|recep|rojda|rojin|selim|selin|semih|serdar|serhat|serkan|sevgi|sevim|sibel|sinan|"
     "songuel|suemeyye|sumeyye|sueleyman|suleyman|tarik|tolga|tuana|tugba|tuncay|ufuk|umut|"
     "volkan|yagmur|yasemin|yasin|yigit|yilmaz|yunus|yusuf|zehra|zelal|zerda|zeynep|zuemra|zilan"},
    {Kind::kMark, kGiven,
     // Arabic, Persian, Afghan, Pakistani
     "abbas|abdul|abdullah|abdallah|abdulrahman|abdelkader|adel|adnan|aaliyah|ahmad|ahmed|aicha|"
     "aida|aisha|akram|alaa|alia|aliyah|amal|amin|amina|amir|amira|ammar|amani|anas|arash|arezoo|"
     "arif|asad|asma|assad|ayman|aya|ayoub|bashar|bassam|basma|batoul|dalia|darius|dina|diyar|dunya|"
     "fadi|fahad|faisal|farah|farhad|farid|farida|farzana|fatema|fatima|fatimah|fereshteh|firas|"
     "ghazal|habib|hadi|hadil|hafsa|haidar|hala|hamid|hamida|hamza|hana|hanan|haris|hassan|hayat|"
     "hiba|hossein|hosein|houda|huda|hussein|idris|iman|imran|inas|iyad|jafar|jalal|jamal|jamila|"
     "jamil|karim|karima|khadija|khaled|khalid|khalil|laila|latifa|layla|layan|leila|lubna|maha|"
     "mahdi|mahmoud|mahmud|malak|malika|manal|maryam|marwa|marwan|masoud|maysa|mehdi|mina|"
     "mohamad|mohamed|mohammad|mohammed|muhammad|muhammed|mona|mounir|muna|mustapha|nabil|nada|"
     "nadia|nadir|naila|najib|naser|nasim|nasrin|nawal|nazanin|nesrin|nour|noor|noura|omar|omid|"
     "osama|parisa|qasim|rabia|rahim|rahaf|rami|rana|rania|rasha|rashid|rasul|reem|reza|rima|"
     "riyad|rima|roya|ruqaya|saad|sabah|sadia|safa|safia|saida|salah|saleh|salim|salma|salman|"
     "samir|sana|sanaa|sarah|sawsan|sayed|shabnam|shadi|shahd|sherin|shirin|siham|sohrab|soraya|"
     "souad|suad|suleiman|tala|talal|tamer|tarek|tariq|tasnim|wael|walid|wassim|yahya|yamen|yasmin|"
     "yasmine|yasser|yassin|yassine|youssef|yousef|younes|zahra|zainab|zaid|zakaria|zakariya|zara|"
     "zarah|zaynab|ziad|zohra"},
    {Kind::kMark, kGiven,
     // Polish, Ukrainian, Russian, South-East European
     "agata|agnieszka|albina|aleksander|aleksandar|aleksandra|aleksej|aleksei|alexej|alicja|alona|"
     "aljona|amra|anastasia|anastasiia|anatol|anatolij|andrei|andrej|andrij|andrzej|aneta|angjela|"
     "anzhela|ariana|arkadiusz|artem|artjom|artur|barbara|bartek|bartosz|beata|blerim|bogdan|"
     "boguslaw|bohdan|boryslav|bozena|bozhena|danuta|danylo|danijel|daria|darija|dariusz|dawid|"
     "denys|diellza|dmitri|dmitrij|dmytro|dorota|dragan|dusan|dzenan|edona|ekaterina|elzbieta|"
     "erblin|erjon|evelina|ewa|ewelina|fjolla|galina|goran|grazyna|grzegorz|halina|halyna|hanka|"
     "ilie|illia|ilona|inna|ioana|ionut|irina|iryna|ivana|ivanka|iwona|izabela|jacek|jadwiga|"
     "jakub|janusz|jaroslav|jaroslaw|jasmina|jelena|jerzy|joanna|jolanta|jovan|julija|juliia|justyna|"
     "kacper|kamil|kamila|karolina|kasia|katarzyna|kateryna|kinga|kira|kristijan|krystyna|krzysztof|"
     "ksenia|kseniia|kyrylo|larysa|lesia|lidia|liudmyla|ljudmila|liubov|ludmila|lukasz|lyudmyla|"
     "maciej|magdalena|maksym|maksim|malgorzata|marcin|marek|margarita|mariana|mariia|marija|"
     "mariusz|mariya|mateusz|michal|mihai|mihail|mikolaj|milica|milos|mirela|mirjana|mykola|"
     "mykhailo|nadiia|natalia|nataliia|natalija|natalya|nazar|nenad|nikita|nikola|oksana|oleg|oleh|"
     "oleksandr|oleksandra|oleksii|olena|olesia|olga|olha|orest|ostap|pavel|pavlo|pawel|petro|piotr|"
     "polina|radoslaw|raluca|roksana|roman|romana|rostyslav|ruslan|ryszard|sandor|sergej|sergei|"
     "serhii|slawomir|snezana|sofiia|solomiia|stanislav|stanislaw|stefania|svetlana|svitlana|"
     "swetlana|taras|tatiana|tatjana|tetiana|tetyana|timofej|tomasz|tymofii|vadim|vadym|valentyna|"
     "valeria|valeriia|vasyl|veronica|vesna|viktoriia|vitali|vitalii|vitaliy|vlad|vladimir|"
     "vladislav|vladyslav|volodymyr|waldemar|weronika|wiktoria|wladimir|wojciech|yana|yaroslav|"
     "yaroslava|yehor|yelyzaveta|yevhen|yevheniia|yulia|yuliia|yuri|yurii|zbigniew|zlata|zlatan|"
     "zofia|zoya|zuzanna|zorica|mircea|florin|florentina|denisa|alin|gheorghe|cristina|cristian|"
     "rumen|desislava|ivaylo|gergana|nikolay|gjorgji"},
    {Kind::kMark, kGiven,
     // Vietnamese, Chinese, Tamil, Indian; African; Romance; English
     "anh|bao|chau|duc|hien|hieu|hoa|hoai|huong|huy|huyen|khanh|lan|linh|minh|"
     "nga|ngan|ngoc|nguyet|nhi|nhung|phong|phuc|phuong|quan|quang|quoc|quynh|tam|thanh|thao|"
     "thuy|tien|trang|trung|truc|tuan|tung|tuyet|uyen|viet|vinh|yen|"
     "aarav|anjali|arjun|deepa|divya|kavitha|lakshmi|nila|priya|rahul|ravi|sanjay|sita|sivakumar|"
     "suresh|thevan|vijay|xiaoming|"
     "abiola|abena|adama|adaeze|adebayo|afua|akosua|amadou|aminata|ayomide|bakary|"
     "binta|chidi|chinedu|chioma|diallo|ebrima|efua|emeka|ephrem|fatou|fatoumata|"
     "filmon|fofana|gebre|godfrey|hawa|ibrahima|ifeoma|kidane|kofi|kwabena|kwame|lamin|"
     "lemlem|mamadou|mariama|meron|mohammadou|moussa|ngozi|obinna|oluwaseun|ousmane|rahel|"
     "robel|saba|samuel|segun|selam|senait|seydou|temesgen|tesfay|tigist|yohannes|yonas|zahra|"
     "alejandro|ana|andres|beatriz|camila|carlos|carmen|catarina|diana|elvira|fernanda|"
     "fernando|francesca|francesco|giovanni|giuseppe|ines|isabela|javier|joao|jorge|jose|juan|"
     "juliana|lorenzo|lucia|luciana|luigi|manuela|mariana|miguel|paolo|pedro|rafaela|ricardo|"
     "rodrigo|rosario|salvatore|sergio|sofia|thiago|vincenzo|"
     "abigail|aiden|alfie|amelia|archie|ava|bella|bethany|bradley|callum|cameron|chloe|connor|"
     "daisy|dylan|ellie|ethan|evan|evie|freddie|freya|georgia|georgie|grayson|hayley|imogen|isla|"
     "jack|jackson|jacob|jade|james|jamie|jayne|jess|jodie|jordan|josh|kate|katie|kayleigh|keira|"
     "kelly|kieran|kyle|lauren|leanne|lewis|liam|logan|madison|mason|matilda|megan|mikey|millie|"
     "mohammed|molly|nathan|niamh|nicole|olly|oscar|owen|poppy|reece|rhys|ronnie|rory|rosie|ruby|"
     "ryan|scott|sean|shannon|skye|sophie|stacey|tegan|theo|toby|tyler|william|willow|zac|zak"},
    // What makes a name that of a place, a day or a thing.
    {Kind::kMark, kTool,
     "st|sankt|haus|schule|kirche|strasse|str|platz|weg|allee|gasse|krankenhaus|klinik|gemeinde|"
     "stiftung|grundschule|gymnasium|hospital|verein|kita|kindergarten|ring|tag|heim|stift|verlag|"
     "saal|raum|projekt|programm|app|saint|street|road|hall|room|foundation"},
};

}  // namespace

std::span<const Entry> NameWords() { return kEntries; }

}  // namespace geflecht::domain::case_guard
