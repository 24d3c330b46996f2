"""The words of which the posts of ``make sites`` are made, in four languages."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, kw_only=True)
class Words:
    """The texts of the posts of a language. Places, numbers and names replace the fields in braces.

    Attributes:
        zone: IANA name of the site's time zone.
        site: The name of the site.
        motto: Its second line.
        places: Names of towns.
        subjects: Who does something, in a title.
        deeds: What they do, in a title.
        sentences: Sentences of a body.
        authors: Names of writers.
        sections: Names of sections, with their slugs.
        tags: Names of tags, with their slugs.
        captions: Captions of pictures.
        alternative: The alternative text of all pictures.
        credit: How a caption names the photographer.
        photographers: Their names.
        addition: A sentence that an edited post has more, whose number tells how often it was edited.
        later: What an edited title has more.
        is_spaced: Whether words are separated by spaces.
    """

    zone: str
    site: str
    motto: str
    places: tuple[str, ...]
    subjects: tuple[str, ...]
    deeds: tuple[str, ...]
    sentences: tuple[str, ...]
    authors: tuple[str, ...]
    sections: tuple[tuple[str, str], ...]
    tags: tuple[tuple[str, str], ...]
    captions: tuple[str, ...]
    alternative: str
    credit: str
    photographers: tuple[str, ...]
    addition: str
    later: str
    is_spaced: bool = True


_ENGLISH = Words(
    zone="America/New_York",
    site="The Lindmark Courier",
    motto="News of the valley and the coast",
    places=("Lindmark", "Osterby", "Varnholt", "Tellow", "Graben", "Nyhavn", "Sellmar", "Dorvik"),
    subjects=(
        "The mayor of {place}",
        "The harbour board of {place}",
        "A court in {place}",
        "Farmers around {place}",
        "The ferry company of {place}",
        "Teachers in {place}",
    ),
    deeds=(
        "rejects the plan for a second bridge",
        "asks for help after the flood",
        "votes for longer opening hours",
        "delays the repair of the old tram depot",
        "publishes the accounts of the past year",
    ),
    sentences=(
        "The council of {place} spoke about the question for {number} hours and then adjourned the meeting.",
        "About {number} people had come to the town hall, most of them from the villages along the river.",
        "The work is expected to cost {number} million, a third more than the first estimate said.",
        "Nobody was hurt, the police said, but {number} houses were without power until the evening.",
        "The owner of the shipyard told reporters that the decision came as a complete surprise to everyone.",
        "A spokeswoman for the ministry said that the results would be published within {number} days.",
        "Two years ago a similar proposal had failed because the railway refused to give up its land.",
        "Residents of {place} have collected {number} signatures against the closure of the station.",
        "The engineers found cracks in {number} of the pillars when they examined the building last week.",
        "Critics say that the town has neglected the road to {place} for more than a decade.",
        "The school will remain closed until Monday while the heating of both buildings is repaired.",
        "The museum wants to show {number} paintings that have been stored in a cellar since the war.",
        "Trains between {place} and the coast will run every {number} minutes from the first of the month.",
        "The opposition called the report incomplete and demanded that it be written again by others.",
    ),
    authors=("Maya Lindqvist", "Tomas Berger", "Ruth Okafor", "Daniel Varga"),
    sections=(("Politics", "politics"), ("Economy", "economy"), ("Culture", "culture")),
    tags=(("budget", "budget"), ("harbour", "harbour"), ("schools", "schools"), ("railway", "railway")),
    captions=("The embankment in {place} on Monday.", "The market square of {place} before the vote."),
    alternative="A grey river under clouds",
    credit="Photo: {name}",
    photographers=("Ines Falk", "Peter Nowak"),
    addition="Later in the day the council corrected its figures for the time number {number}.",
    later=", council says",
)

_BENGALI = Words(
    zone="Asia/Dhaka",
    site="নদীপাড়ের খবর",
    motto="উপকূল ও সমতলের সংবাদ",
    places=("রূপগঞ্জ", "শালবন", "মধুপুর", "কালীগঞ্জ", "চন্দ্রপুর", "নবীনগর", "হরিপুর", "দিঘলিয়া"),
    subjects=(
        "{place} পৌরসভার মেয়র",
        "{place} বন্দর কর্তৃপক্ষ",
        "{place} জেলা আদালত",
        "{place} এলাকার কৃষকেরা",
        "{place} ফেরি কোম্পানি",
        "{place} কলেজের শিক্ষকেরা",
    ),
    deeds=(
        "দ্বিতীয় সেতুর পরিকল্পনা বাতিলের পক্ষে",
        "বন্যার পর সহায়তা চেয়ে চিঠি দিলেন",
        "কার্যালয় খোলা রাখার সময় বাড়ানোর পক্ষে",
        "পুরোনো ট্রাম ডিপো সংস্কার পিছিয়ে দিলেন",
        "গত বছরের হিসাব প্রকাশ করলেন",
    ),
    sentences=(
        "{place} পরিষদের সভায় বিষয়টি নিয়ে প্রায় {number} ঘণ্টা আলোচনা হয়, এরপর সভা মুলতবি করা হয়।",
        "সভায় প্রায় {number} জন মানুষ উপস্থিত ছিলেন, তাঁদের বেশির ভাগই নদীর তীরের গ্রামগুলো থেকে এসেছেন।",
        "কাজটিতে খরচ হবে {number} কোটি টাকা, যা প্রথম হিসাবের চেয়ে এক-তৃতীয়াংশ বেশি।",
        "পুলিশ জানিয়েছে, কেউ আহত হয়নি, তবে {number}টি বাড়ি সন্ধ্যা পর্যন্ত বিদ্যুৎহীন ছিল।",
        "জাহাজ নির্মাণ কারখানার মালিক সাংবাদিকদের বলেন, এই সিদ্ধান্ত সবার জন্যই অপ্রত্যাশিত ছিল।",
        "মন্ত্রণালয়ের একজন মুখপাত্র বলেন, {number} দিনের মধ্যে ফলাফল প্রকাশ করা হবে।",
        "দুই বছর আগে একই রকম একটি প্রস্তাব রেলওয়ে জমি দিতে রাজি না হওয়ায় ভেস্তে গিয়েছিল।",
        "{place} এলাকার বাসিন্দারা স্টেশন বন্ধের বিরুদ্ধে {number}টি স্বাক্ষর সংগ্রহ করেছেন।",
        "গত সপ্তাহে ভবনটি পরীক্ষা করার সময় প্রকৌশলীরা {number}টি স্তম্ভে ফাটল খুঁজে পান।",
        "সমালোচকেরা বলছেন, {place} যাওয়ার সড়কটি এক দশকের বেশি সময় ধরে অবহেলিত।",
        "দুটি ভবনের সংস্কারকাজ শেষ না হওয়া পর্যন্ত বিদ্যালয়টি সোমবার পর্যন্ত বন্ধ থাকবে।",
        "জাদুঘর কর্তৃপক্ষ যুদ্ধের পর থেকে গুদামে থাকা {number}টি ছবি প্রদর্শন করতে চায়।",
        "আগামী মাসের প্রথম দিন থেকে {place} ও উপকূলের মধ্যে প্রতি {number} মিনিটে ট্রেন চলবে।",
        "বিরোধী দল প্রতিবেদনটিকে অসম্পূর্ণ বলে উল্লেখ করে নতুন করে তদন্তের দাবি জানিয়েছে।",
    ),
    authors=("মায়া সেনগুপ্ত", "রফিকুল ইসলাম", "তানিয়া রহমান", "অরুণ চাকমা"),
    sections=(("রাজনীতি", "rajniti"), ("অর্থনীতি", "orthoniti"), ("সংস্কৃতি", "songskriti")),
    tags=(("বাজেট", "budget"), ("বন্দর", "bondor"), ("বিদ্যালয়", "biddaloy"), ("রেলপথ", "relpoth")),
    captions=("সোমবার {place} বাঁধের দৃশ্য।", "ভোটের আগে {place} বাজারের চত্বর।"),
    alternative="মেঘের নিচে ধূসর নদী",
    credit="ছবি: {name}",
    photographers=("শফিক আহমেদ", "নীলা দাস"),
    addition="পরে দিনের শেষে পরিষদ তাদের হিসাব {number} নম্বর বারের মতো সংশোধন করে।",
    later=", জানাল পরিষদ",
)

_ARABIC = Words(
    zone="Africa/Cairo",
    site="صحيفة الوادي",
    motto="أخبار الساحل والسهل",
    places=("الزهراء", "الواحة", "المرسى", "النخيل", "الربوة", "السدرة", "البستان", "المنارة"),
    subjects=(
        "رئيس بلدية {place}",
        "مجلس ميناء {place}",
        "محكمة {place}",
        "اتحاد مزارعي {place}",
        "مدير شركة العبارات في {place}",
        "نقيب معلمي {place}",
    ),
    deeds=(
        "يرفض خطة الجسر الثاني",
        "يطلب المساعدة بعد الفيضان",
        "يؤيد تمديد ساعات العمل",
        "يؤجل ترميم محطة الترام القديمة",
        "ينشر حسابات العام الماضي",
    ),
    sentences=(
        "ناقش مجلس {place} المسألة لمدة {number} ساعات ثم رفع الجلسة من دون أن يصل إلى قرار نهائي.",
        "حضر إلى مبنى البلدية نحو {number} شخصا، معظمهم من القرى الواقعة على امتداد النهر.",
        "من المتوقع أن تبلغ كلفة الأعمال {number} مليونا، أي بزيادة الثلث عن التقدير الأول.",
        "وقالت الشرطة إن أحدا لم يصب بأذى، لكن {number} منزلا بقي من دون كهرباء حتى المساء.",
        "وقال صاحب حوض بناء السفن للصحفيين إن القرار جاء مفاجئا تماما للجميع في المدينة.",
        "وأضافت متحدثة باسم الوزارة أن النتائج ستنشر خلال {number} أيام على أبعد تقدير.",
        "وكان اقتراح مشابه قد فشل قبل عامين لأن إدارة السكك الحديدية رفضت التخلي عن أرضها.",
        "وجمع سكان {place} نحو {number} توقيعا ضد إغلاق المحطة الوحيدة في المنطقة.",
        "وعثر المهندسون على شقوق في {number} من الأعمدة عندما فحصوا المبنى في الأسبوع الماضي.",
        "ويقول المنتقدون إن البلدة أهملت الطريق المؤدي إلى {place} لأكثر من عشر سنوات.",
        "وستبقى المدرسة مغلقة حتى يوم الاثنين إلى أن ينتهي إصلاح التدفئة في المبنيين.",
        "ويريد المتحف أن يعرض {number} لوحة محفوظة في قبو منذ نهاية الحرب.",
        "وستسير القطارات بين {place} والساحل كل {number} دقيقة اعتبارا من أول الشهر.",
        "ووصفت المعارضة التقرير بأنه ناقص وطالبت بأن يكتبه آخرون من جديد.",
    ),
    authors=("ليلى منصور", "كريم الحداد", "سارة يوسف", "عمر نصار"),
    sections=(("سياسة", "siyasa"), ("اقتصاد", "iqtisad"), ("ثقافة", "thaqafa")),
    tags=(("الميزانية", "mizaniya"), ("الميناء", "mina"), ("المدارس", "madaris"), ("القطارات", "qitarat")),
    captions=("ضفة النهر في {place} يوم الاثنين.", "ساحة السوق في {place} قبل التصويت."),
    alternative="نهر رمادي تحت الغيوم",
    credit="تصوير: {name}",
    photographers=("هدى سالم", "نبيل خوري"),
    addition="وفي وقت لاحق من اليوم صحح المجلس أرقامه للمرة رقم {number}.",
    later="، بحسب المجلس",
)

_CHINESE = Words(
    zone="Asia/Shanghai",
    site="林河日报",
    motto="河谷与海岸的新闻",
    places=("林河", "东塘", "柳湾", "石桥镇", "南浦", "云岭", "白沙", "青田"),
    subjects=("{place}市长", "{place}港务局", "{place}法院", "{place}农民协会", "{place}轮渡公司", "{place}教师工会"),
    deeds=(
        "否决第二座大桥的建设方案",
        "在洪水之后请求援助",
        "表决通过延长开放时间",
        "推迟旧电车车库的重建",
        "公布去年的财务报告",
    ),
    sentences=(
        "{place}市议会就这一问题讨论了{number}个小时，随后宣布休会，没有作出最后决定。",
        "大约{number}人来到市政厅旁听，其中大多数来自沿河的各个村庄。",
        "工程预计耗资{number}百万元，比最初的估算高出三分之一。",
        "警方表示没有人受伤，但有{number}户居民直到傍晚才恢复供电。",
        "造船厂的老板对记者说，这一决定让所有人都感到十分意外。",
        "该部的一位女发言人说，调查结果将在{number}天之内公布。",
        "两年前，一项类似的提案因为铁路部门拒绝让出土地而未能通过。",
        "{place}的居民已经收集了{number}个签名，反对关闭车站。",
        "上周检查这座建筑时，工程师们在{number}根柱子上发现了裂缝。",
        "批评者说，通往{place}的公路十多年来一直无人维护。",
        "在两栋楼的暖气修好之前，学校将一直停课到星期一。",
        "博物馆希望展出战后一直存放在地下室里的{number}幅画作。",
        "从下月一日起，{place}与海岸之间的列车将每{number}分钟一班。",
        "反对党称这份报告并不完整，要求由其他人重新撰写。",
    ),
    authors=("陈美玲", "王志强", "李晓云", "赵国栋"),
    sections=(("时政", "shizheng"), ("经济", "jingji"), ("文化", "wenhua")),
    tags=(("预算", "yusuan"), ("港口", "gangkou"), ("学校", "xuexiao"), ("铁路", "tielu")),
    captions=("星期一，{place}的河堤。", "投票之前的{place}集市广场。"),
    alternative="云层下的灰色河流",
    credit="摄影：{name}",
    photographers=("周文", "刘海燕"),
    addition="当天晚些时候，市议会第{number}次更正了它的数字。",
    later="，市议会称",
    is_spaced=False,
)

WORDS: Mapping[str, Words] = MappingProxyType({"en": _ENGLISH, "bn": _BENGALI, "ar": _ARABIC, "zh": _CHINESE})
