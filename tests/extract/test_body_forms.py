"""Pages as large publishing systems make them, in several scripts: the whole text comes out, and nothing else."""

from collections.abc import Callable
from typing import NamedTuple

import pytest

from khobor.extract import extract


class Story(NamedTuple):
    """The words of a page.

    Attributes:
        title: The headline.
        paragraphs: The text.
        teaser: The headline of another article.
        related: The heading of the list of other articles.
        comments: The heading of the comments.
    """

    title: str
    paragraphs: tuple[str, ...]
    teaser: str
    related: str
    comments: str


STORIES = {
    "bengali": Story(
        "তিন বছর পর খুলল নদীর পুরোনো সেতু",
        (
            "শহরের পূর্ব পাড়ের মানুষের জন্য নদীর ওপরের পুরোনো সেতুটি সোমবার সকালে আবার খুলে দেওয়া হয়েছে।",
            "প্রকৌশলীরা নয়টি খিলানের মধ্যে চারটি বদলেছেন এবং নতুন পাটাতন বসিয়েছেন বলে পৌরসভা এক বিবৃতিতে জানিয়েছে।",
            "“আমরা তিন বছর ধরে নৌকায় পার হয়েছি,” বললেন স্কুলশিক্ষক রেহানা পারভীন।",
            "সেতুর দুই পাশে এখন হাঁটার আলাদা পথ আছে, আর রাতে আলো জ্বলবে।",
        ),
        "হাটে উঠেছে নতুন আলু, দাম নিয়ে খুশি নন চাষিরা",
        "আরও পড়ুন",
        "মন্তব্য",
    ),
    "arabic": Story(
        "إعادة فتح الجسر القديم بعد ثلاث سنوات",
        (
            "أُعيد فتح الجسر القديم فوق النهر أمام حركة المرور صباح الاثنين بعد ثلاث سنوات من الفيضان.",
            "واستبدل المهندسون أربعة من أقواسه التسعة ووضعوا سطحا جديدا، بحسب بيان صادر عن المجلس البلدي.",
            "وقالت معلمة من الضفة الشرقية: «كنا نعبر بالقوارب طوال هذه السنوات».",
            "وسيضاء الجسر ليلا، كما خُصص ممر للمشاة على جانبيه.",
        ),
        "المزارعون غير راضين عن أسعار البطاطا في السوق",
        "أخبار ذات صلة",
        "التعليقات",
    ),
    "chinese": Story(
        "关闭三年的老桥重新通车",
        (
            "河上的老桥在关闭三年之后，于星期一上午重新向车辆和行人开放。",
            "市议会在一份声明中说，工程师更换了九个桥拱中的四个，并铺设了新的桥面。",
            "“这三年我们一直坐船过河。”东岸的一位小学老师说。",
            "桥的两侧现在设有人行道，夜间也会亮灯。",
        ),
        "新土豆上市，农民对价格并不满意",
        "相关阅读",
        "评论",
    ),
    "japanese": Story(
        "閉鎖から三年、古い橋が再び開通",
        (
            "川にかかる古い橋が、洪水で壊れてから三年ぶりに、月曜日の朝に再び通れるようになった。",
            "市議会の発表によると、技術者たちは九つのアーチのうち四つを取り替え、新しい床版を敷いた。",
            "「この三年間はずっと船で渡っていました」と東岸の小学校の先生は話した。",
            "橋の両側には歩道が設けられ、夜には明かりがともる。",
        ),
        "新じゃがが市場に、農家は価格に不満",
        "関連記事",
        "コメント",
    ),
    "thai": Story(
        "สะพานเก่ากลับมาเปิดใช้หลังปิดไปสามปี",
        (
            "สะพานเก่าข้ามแม่น้ำกลับมาเปิดให้รถและคนเดินข้ามอีกครั้งเมื่อเช้าวันจันทร์ หลังจากถูกน้ำท่วมเสียหายเมื่อสามปีก่อน",
            "วิศวกรเปลี่ยนซุ้มโค้งสี่ซุ้มจากทั้งหมดเก้าซุ้มและปูพื้นใหม่ทั้งหมด ตามแถลงการณ์ของสภาเมือง",
            "“สามปีที่ผ่านมาเราต้องนั่งเรือข้ามไปทำงานทุกวัน” ครูโรงเรียนฝั่งตะวันออกกล่าว",
            "ทั้งสองข้างของสะพานมีทางเดินเท้า และจะเปิดไฟในเวลากลางคืนด้วย",
        ),
        "มันฝรั่งใหม่ออกสู่ตลาด เกษตรกรไม่พอใจราคา",
        "ข่าวที่เกี่ยวข้อง",
        "ความคิดเห็น",
    ),
    "hindi": Story(
        "तीन साल बाद खुला नदी का पुराना पुल",
        (
            "नदी पर बना पुराना पुल बाढ़ से टूटने के तीन साल बाद सोमवार सुबह फिर से यातायात के लिए खोल दिया गया।",
            "नगर परिषद के एक बयान के अनुसार इंजीनियरों ने नौ मेहराबों में से चार बदलीं और नई सतह बिछाई।",
            "“हम तीन साल तक नाव से नदी पार करते रहे,” पूर्वी किनारे की एक शिक्षिका ने कहा।",
            "पुल के दोनों ओर अब पैदल चलने का रास्ता है और रात में रोशनी रहेगी।",
        ),
        "मंडी में आया नया आलू, दाम से किसान नाखुश",
        "संबंधित खबरें",
        "टिप्पणियां",
    ),
}


def wordpress(story: Story) -> str:
    """A block theme with sharing buttons, related posts, the author's box and comments."""
    texts = "".join(f'<p class="wp-block-paragraph">{text}</p>' for text in story.paragraphs)
    return f"""<div class="wp-site-blocks"><header class="wp-block-template-part"><nav><a href="/">Home</a></nav>
</header>
<main class="wp-block-group is-layout-flow">
<div class="wp-block-group alignfull has-global-padding is-layout-constrained">
<h1 class="wp-block-post-title">{story.title}</h1><div class="wp-block-post-date">
<time datetime="2026-05-04">4.5.</time></div>
<figure class="wp-block-post-featured-image"><img src="/w.jpg" width="1200" height="800"></figure>
<div class="entry-content wp-block-post-content is-layout-flow">{texts}
<div class="sharedaddy sd-sharing-enabled"><h3 class="sd-title">Share</h3><ul><li><a href="#">Facebook</a></li>
</ul></div>
<div id="jp-relatedposts" class="jp-relatedposts"><h3>{story.related}</h3><p><a href="/2">{story.teaser}</a></p>
</div></div>
</div><div class="wp-block-comments"><h2>{story.comments}</h2><ol><li><p>{story.paragraphs[0]}</p></li></ol>
</div></main></div>"""


def drupal(story: Story) -> str:
    """A node with a field for the body, a view of other nodes, and menus around."""
    texts = "".join(f"<p>{text}</p>\n<p>&nbsp;</p>" for text in story.paragraphs)
    rows = "".join(f'<div class="views-row"><a href="/{at}">{story.teaser} {at}</a></div>' for at in range(4))
    return f"""<div class="dialog-off-canvas-main-canvas"><div id="main-wrapper" class="layout-main-wrapper clearfix">
<div class="region region-sidebar-first"><nav><ul><li><a href="/a">A</a></li></ul></nav></div>
<main class="column main-content" role="main"><div class="region region-content">
<div class="block block-core block-page-title-block"><h1 class="title page-title">
<span class="field field--name-title">{story.title}</span></h1></div>
<article role="article" class="node node--type-article node--view-mode-full clearfix"><footer class="node__meta">
<span>4.5.2026</span></footer>
<div class="node__content clearfix">
<div class="clearfix text-formatted field field--name-body field__item">{texts}</div></div></article>
<div class="views-element-container block"><h2>{story.related}</h2><div class="view-content">{rows}</div></div>
</div></main></div></div>"""


def joomla(story: Story) -> str:
    """A table for the layout: menus on the left, the article in the middle, and news on the right."""
    texts = "<br /><br />".join(story.paragraphs)
    news = "".join(f'<li class="latestnews"><a href="/n{at}">{story.teaser} {at}</a></li>' for at in range(5))
    return f"""<table width="100%"><tr><td class="left" valign="top"><div class="moduletable"><ul class="menu">
<li><a href="/x">X</a></li></ul></div></td>
<td class="maincontent" valign="top"><table class="contentpaneopen"><tr>
<td class="contentheading" width="100%">{story.title}</td></tr></table>
<table class="contentpaneopen"><tr><td valign="top" class="createdate">4.5.2026</td></tr><tr>
<td valign="top">{texts}</td></tr></table></td>
<td class="right" valign="top"><div class="moduletable"><h3>{story.related}</h3><ul>{news}</ul></div></td></tr>
</table>"""


def blogger(story: Story) -> str:
    """A post of ``div`` and ``br``, with a table for the photo and its caption, labels, and comments."""
    first, *others = story.paragraphs
    texts = "".join(f'<div dir="auto">{text}</div><div><br /></div>' for text in others)
    return f"""<div class="main section" id="main"><div class="widget Blog"><div class="blog-posts hfeed">
<div class="post hentry">
<h3 class="post-title entry-title">{story.title}</h3><div class="post-header"></div>
<div class="post-body entry-content" id="post-body-7"><div class="separator">
<img src="https://b.example/a.jpg" width="640" /></div><div>{first}</div>
<div><br /></div>{texts}<div style="clear: both;"></div></div>
<div class="post-footer"><div class="post-footer-line"><span class="post-labels"><a rel="tag" href="/l">label</a>
</span></div></div></div>
<div class="comments" id="comments"><h4>{story.comments}</h4><dl><dd class="comment-body">
<p>{story.paragraphs[1]}</p></dd></dl></div></div></div></div>"""


def scripted(story: Story) -> str:
    """An application that wraps each paragraph, with classes that say nothing, and cards between them."""
    texts = "".join(
        f'<div class="css-1x{at}a"><div class="css-qq"><p class="css-p0">{text}</p></div></div>'
        for at, text in enumerate(story.paragraphs)
    )
    card = f'<div class="css-card"><a href="/c"><img src="/c.jpg"><h4>{story.teaser}</h4></a></div>'
    return f"""<div id="__next"><div class="css-top"><a href="/">Home</a></div><main class="css-m">
<article class="css-a">
<header class="css-h"><h1 class="css-t">{story.title}</h1><time datetime="2026-05-04T08:00:00Z">08:00</time></header>
<section class="css-s">{texts}</section>{card}{card.replace("/c", "/d")}</article>
<section class="css-r"><h2>{story.related}</h2>{card.replace("/c", "/e") * 3}</section></main></div>"""


def appended(story: Story) -> str:
    """An article with the next one below it, which is longer."""
    texts = "".join(f"<p>{text}</p>" for text in story.paragraphs)
    others = "".join(f"<p>{text} 2</p>" for text in story.paragraphs * 4)
    front = '<h1 class="headline">{}</h1><span class="date">{}.5.2026</span>'
    detail = f'<div class="detail">{front}<div class="story">{{}}</div></div>'
    return f"<main>{detail.format(story.title, 4, texts)}{detail.format(story.teaser, 3, others)}</main>"


FORMS: tuple[Callable[[Story], str], ...] = (wordpress, drupal, joomla, blogger, scripted, appended)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("script", STORIES)
def test_the_text_comes_out_whole_and_alone(form: Callable[[Story], str], script: str) -> None:
    story = STORIES[script]
    head = f'<title>{story.title} - Daily Test</title><meta property="og:title" content="{story.title}">'
    body = f"<body>{form(story)}<footer><p>© 2026 Daily Test</p></footer></body>"
    html = f'<!DOCTYPE html><html><head><meta charset="utf-8">{head}</head>{body}</html>'
    article = extract(html.encode(), "https://daily.example/2026/05/04/bridge-7.html")
    assert article.extraction.not_article is None
    assert article.body_text == "\n\n".join(story.paragraphs)
