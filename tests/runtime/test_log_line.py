import json

import pytest

from khobor.runtime.log_line import log_line, without_secrets


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("https://me:secret@example.com/a", "https://***@example.com/a"),
        ("https://me@example.com/a", "https://***@example.com/a"),
        ("https://example.com/a?token=secret", "https://example.com/a?token=***"),
        ("https://example.com/a?id=7&api_key=secret&page=2", "https://example.com/a?id=7&api_key=***&page=2"),
        ("https://example.com/a?X-Amz-Signature=secret", "https://example.com/a?X-Amz-Signature=***"),
        ("https://example.com/a?AWSAccessKeyId=secret", "https://example.com/a?AWSAccessKeyId=***"),
        ("https://example.com/a?client_secret=secret&amp;b=1", "https://example.com/a?client_secret=***&amp;b=***"),
        ("https://example.com/a;jsessionid=secret", "https://example.com/a;jsessionid=***"),
        ("https://example.com/a;v=1;jsessionid=secret/b?page=2", "https://example.com/a;v=1;jsessionid=***?page=2"),
        ("https://example.com/a#access_token=secret&page=1", "https://example.com/a#access_token=***&page=1"),
        ("https://example.com/a#/home?access_token=secret", "https://example.com/a#***?access_token=***"),
        ("https://example.com/a#eyJhbGciOiJIUzI1NiJ9", "https://example.com/a#***"),
        ("https://example.com/a?code=secret&state=secret", "https://example.com/a?code=***&state=***"),
        ("https://example.com/a?PHPSESSID=secret", "https://example.com/a?PHPSESSID=***"),
        ("https://example.com/a?%61ccess%5Ftoken=secret", "https://example.com/a?%61ccess%5Ftoken=***"),
        ("https://example.com/a?to%6ben[]=secret", "https://example.com/a?to%6ben[]=***"),
        ("https://example.com/a?user[password]=secret", "https://example.com/a?user[password]=***"),
        ("https://example.com/a?টোকেন=secret", "https://example.com/a?টোকেন=***"),
        ("https://example.com/a?secret", "https://example.com/a?***"),
        ("https://example.com/a?code=secret;secret&secret", "https://example.com/a?code=***;***&***"),
        ("https://example.com/a?token==secret", "https://example.com/a?token=***"),
        ("https://example.com/a?p=secret", "https://example.com/a?p=***"),
        ("https://example.com/a?u=https%3A%2F%2Fb.example%2F%3Ftoken%3Dsecret", "https://example.com/a?u=***"),
        ("https://example.com/a?page=https://b.example/?token=secret", "https://example.com/a?page=***?token=***"),
        ("https://example.com/a?page=b%253Ftoken%253Dsecret", "https://example.com/a?page=***"),
        ("https://example.com/b/https%3A%2F%2Fme%3Asecret%40b.example/", "https://example.com/b/https***/"),
        ("https://example.com/b/https://me:secret@b.example/", "https://example.com/b/https://***@b.example/"),
        ("https://example.com/a%3Ftoken%3Dsecret", "https://example.com/a***"),
        ("https://example.com/(S(secret))/a", "https://example.com/***/a"),
        ("https:me:secret@example.com/a", "https:***@example.com/a"),
        ("HTTPS:/me:secret@example.com/a", "HTTPS:/***@example.com/a"),
        ("https://me:sec?ret@example.com/a", "https://***@example.com/a"),
        ("https:\\\\\\\\me:secret@example.com/a", "https:\\\\\\\\***@example.com/a"),
        ("//me:secret@example.com/a", "//***@example.com/a"),
        ("https://me:sec/ret@example.com/a", "https://***@example.com/a"),
        ("/a?token=secret", "/a?token=***"),
        ("ftp://me:secret@example.com/a", "ftp://***@example.com/a"),
        ("/\\\\me:secret@example.com/a", "/\\\\***@example.com/a"),
        ("https://example.com/a/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOjF9.secret/b", "https://example.com/a/***/b"),
        ("https://example.com/a?id=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOjF9.secret", "https://example.com/a?id=***"),
        ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOjF9.secret", "***"),
        ("https://example.com/a%3Btoken=secret", "https://example.com/a%3Btoken=***"),
        ("https://example.com/a%2523access_token%253Dsecret/b", "https://example.com/a***/b"),
        ("https://example.com/token=secret/b", "https://example.com/token=***/b"),
        ("https://example.com/a,token=secret", "https://example.com/a,token=***"),
        ("https://example.com/a:to%6ben=secret?id=1", "https://example.com/a:to%6ben=***?id=1"),
        ("https://example.com/a!code=secret", "https://example.com/a!code=***"),
    ],
)
def test_a_secret_of_a_url_is_left_out(url: str, told: str) -> None:
    assert without_secrets(f"{url} answered 403") == f"{told} answered 403"


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/a?id=7&page=2#comments",
        "https://example.com/@author/1",
        "https://example.com/a?p=4711&lang=bn&section=%E0%A6%96%E0%A6%AC%E0%A6%B0",
        "https://example.com:8080/a/@author/b",
        "https://example.com/a#comment-4711",
        "s3://raw/pages/example.com/a.html.gz?versionId=abc.def",
        "What? Nothing; it is #1: a=b",
        "//div[@class='a']/p[1]",
        "https://example.com/tokens/secret-of-the-bridge",
        "https://example.com/page=2/lang=bn/a",
        "https://example.com/eye.witness.report",
    ],
)
def test_what_is_no_secret_stays(url: str) -> None:
    assert without_secrets(url) == url


@pytest.mark.parametrize(
    "written", ['?token=sec"ret', "?token=sec\\ret", "?token=<secret>", '#"secret', "?a=1\u202e&b=secret"]
)
def test_no_character_of_a_secret_ends_it(written: str) -> None:
    line = log_line({"message": f'asked "https://example.com/a{written}", and then\nno more', "page": 1})
    assert "ret" not in line
    read = json.loads(line)
    assert read["message"].endswith(" and then\nno more")
    assert read["page"] == 1


def test_what_stands_behind_a_url_stays() -> None:
    told = "('https://example.com/?sig=***', https://example.com/a#***)."
    assert without_secrets("('https://example.com/?sig=secret', https://example.com/a#Secret).") == told


def test_a_line_has_nothing_that_turns_or_hides_text() -> None:
    line = log_line({"message": "a\u202eb\u2066c\u2069d\U000e0041e\ufffe\ufdd0"})
    assert json.loads(line) == {"message": "abcde"}


@pytest.mark.parametrize("character", ["\x7f", "\x85", "\x9b", "\u2028", "\u2029", "\ud800"])
def test_a_character_that_ends_a_line_or_cannot_be_written_is_escaped(character: str) -> None:
    line = log_line({"message": f"a{character}b"})
    assert line.encode().isascii()
    assert json.loads(line) == {"message": f"a{character}b"}


SHAPES = ["https:", "://", "a", "?", "#a", "@", "https://a:", "%25", "(S(", "/(S(", "\\\\", "a=", "'."]
SHAPES += ["/a=", "-eyJ", "eyJhbGciOiJ.", ","]


@pytest.mark.parametrize("shape", SHAPES)
def test_a_secret_is_left_out_of_a_url_of_any_length(shape: str) -> None:
    assert "secret" not in without_secrets(f"https://me:secret@example.com/?code=secret&b=secret{shape * 20_000}")
    assert without_secrets(f"https://example.com/{shape * 20_000}").startswith("https://")


def test_a_line_is_json_however_deep_the_secret_lies() -> None:
    record = {"message": 'asked "https://a:b@example.com/"', "more": {"urls": ["https://example.com/?sig=s&page=1"]}}
    read = json.loads(log_line(record | {"function_arn": "arn:…"}))
    assert read == {
        "message": 'asked "https://***@example.com/"',
        "more": {"urls": ["https://example.com/?sig=***&page=1"]},
    }


def test_a_line_is_in_the_languages_script() -> None:
    assert "খবর" in log_line({"message": "খবর"})
