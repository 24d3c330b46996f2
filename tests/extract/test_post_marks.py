"""Marks of posts within a text: who wrote the post, and when."""

from khobor.extract import extract

LINES = (
    "渡轮在冬天修好了，港口办公室说，从星期一起它将每小时开一班，乘客可以在码头买票。",
    "老桥关闭了两年，居民只好绕行十一公里，现在他们终于可以直接过河去市场买东西了。",
)
MARK = "<center>本贴由海风于2026年3月4日10:20:30在〖港口论坛〗发表.</center>"
REPLY = "<table><tr><td>原标题:【渡轮修好了没有】是浪花在2026年3月3日发表，还有很多人回复了这个帖子。</td></tr></table>"


def test_a_mark_before_other_sentences_gives_author_and_date() -> None:
    text = "".join(f"<p>{line}</p>" for line in LINES * 2)
    page = f"<html><head><title>渡轮修好了</title></head><body><h3>渡轮修好了</h3>{text}{MARK}{REPLY}</body></html>"
    found = extract(page.encode(), "https://bbs.example/12.html")
    assert [author.name for author in found.authors] == ["海风"]
    assert found.published_at is not None
    assert f"{found.published_at:%Y-%m-%d %H:%M:%S}" == "2026-03-04 10:20:30"
