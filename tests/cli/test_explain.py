import io

from rich.console import Console
from tests.articles import MORNING, article
from tests.example_pages import KALBELA
from typer.testing import CliRunner

from khobor.article import Article, Candidate, Evidence, Extraction
from khobor.cli import explain
from khobor.cli.main import app

FIELDS = {
    "title": Evidence(
        origin="source rule",
        text="Bridge  opens",
        others=(Candidate(origin="json-ld", text="The bridge is open"), Candidate(origin="meta", text="Bridge: news")),
    ),
    "published_at": Evidence(
        origin="meta",
        text="16 August 2023",
        precision="day",
        assumed_zone="Asia/Dhaka",
        confirmed_by=("time", "URL"),
        disputed_by=(Candidate(origin="json-ld", text="2023-08-14"),),
    ),
}


def shown(given: Article, width: int = 80) -> list[str]:
    file = io.StringIO()
    explain.show(Console(file=file, width=width), given)
    return [line.rstrip() for line in file.getvalue().splitlines()]


def explained() -> Article:
    return article(
        title="Bridge opens", published_at=MORNING, extraction=Extraction(version="1", rules="daily/2", fields=FIELDS)
    )


def test_each_field_has_its_value_its_origin_and_the_text_as_found() -> None:
    (line,) = (line for line in shown(explained()) if line.startswith("title"))
    assert line.split("  ")[0] == "title"
    assert "Bridge opens" in line
    assert "source rule" in line


def test_what_the_other_candidates_said_stands_below() -> None:
    lines = shown(explained())
    (at,) = (number for number, line in enumerate(lines) if line.startswith("title"))
    assert lines[at + 1].split(maxsplit=1) == ["json-ld", "The bridge is open"]
    assert lines[at + 2].split(maxsplit=1) == ["meta", "Bridge: news"]


def test_a_date_tells_its_precision_its_zone_what_confirms_it_and_whether_it_is_disputed() -> None:
    said = " ".join(" ".join(shown(explained(), 200)).split())
    assert "to the day, Asia/Dhaka assumed, confirmed by time, URL, disputed" in said


def test_what_was_not_found_and_the_rules_are_named() -> None:
    said = " ".join(" ".join(shown(explained())).split())
    assert "rules daily/2" in said
    assert "not found kicker, description, authors, modified_at," in said


def test_long_texts_are_cut_between_words() -> None:
    long = article(title="word " * 100, extraction=Extraction(version="1", fields={"title": FIELDS["title"]}))
    said = "\n".join(shown(long))
    assert said.count("word") < 20
    assert "word …" in said


def test_nothing_is_wider_than_the_terminal() -> None:
    assert max(map(len, shown(explained()))) <= 80


def test_in_a_pipe_there_are_no_colours() -> None:
    result = CliRunner().invoke(app, ["parse", str(KALBELA), "--explain"])
    assert result.exit_code == 0
    assert "\x1b" not in result.stdout
    assert "kalbela/1.1" in result.stdout
    (line,) = (line for line in result.stdout.splitlines() if line.startswith("title"))
    assert line.count("পুতিন-কিমের চিঠি বিনিময়") == 2


def test_there_is_one_way_to_print_at_a_time() -> None:
    result = CliRunner().invoke(app, ["parse", str(KALBELA), "--explain", "--text"])
    assert result.exit_code == 2
    assert "--explain" in result.stderr


def test_a_page_without_an_article_is_shown_with_what_says_so() -> None:
    refusal = Evidence(origin="json-ld", text="CollectionPage")
    extraction = Extraction(version="1", fields=FIELDS, not_article="collection_page", refusal=refusal)
    lines = shown(article(title="Bridges", extraction=extraction))
    assert "no article collection_page: CollectionPage (json-ld)" in lines
    assert not any(line.startswith("no article") for line in shown(explained()))
