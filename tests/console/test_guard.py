import re
from collections.abc import Callable

import pytest
from tests.console.conftest import Reader

from khobor.console.installation import Installation
from khobor.console.server import served

GUESSED = "guessed"
FORBIDDEN, MISDIRECTED, OK, SEE_OTHER, TOO_LARGE = 403, 421, 200, 303, 413


@pytest.fixture
def stranger(quiet: Installation, make_reader: Callable[[Installation], Reader]) -> Reader:
    """Somebody who knows the port and nothing else."""
    return make_reader(quiet)


@pytest.fixture
def reader(stranger: Reader) -> Reader:
    """Who was given the address."""
    stranger.open()
    return stranger


def test_the_address_that_is_printed_opens_the_console(stranger: Reader) -> None:
    answer = stranger.open()
    assert (answer.status_code, answer.headers["Location"]) == (SEE_OTHER, "/")
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert stranger.console.guard.token not in cookie
    assert stranger.get("/").status_code == OK


@pytest.mark.parametrize("path", ["/", "/search?q=a", "/articles/a", "/sources", "/dead-letters", "/add", "/nowhere"])
def test_nothing_is_told_without_it(stranger: Reader, path: str) -> None:
    answer = stranger.get(path)
    assert answer.status_code == FORBIDDEN
    assert "khobor console printed" in answer.text


def test_a_wrong_token_opens_nothing(stranger: Reader) -> None:
    assert stranger.get("/", token=GUESSED).status_code == FORBIDDEN
    assert stranger.get("/").status_code == FORBIDDEN


@pytest.mark.parametrize("host", ["attacker.example", "attacker.example:8765", "127.0.0.1:80", "127.0.0.1", ""])
def test_a_name_that_leads_here_is_refused(reader: Reader, host: str) -> None:
    for path in ("/", "/static/console.css"):
        assert reader.get(path, {"Host": host}).status_code == MISDIRECTED


def test_localhost_is_this_machine_too(reader: Reader) -> None:
    assert reader.get("/static/console.css", {"Host": "localhost:8765"}).status_code == OK


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_site_reads_nothing_with_the_readers_cookie(reader: Reader, site: str) -> None:
    assert reader.get("/", {"Sec-Fetch-Site": site}).status_code == FORBIDDEN
    assert reader.get("/", {"Sec-Fetch-Site": "same-origin"}).status_code == OK
    assert reader.get("/", {"Sec-Fetch-Site": "none"}).status_code == OK


@pytest.mark.parametrize("path", ["/add/url", "/add/file", "/dead-letters/parse"])
def test_another_site_sends_no_form(reader: Reader, path: str) -> None:
    token = reader.console.guard.form_token
    assert reader.post(path, url="https://example.com").status_code == FORBIDDEN
    assert reader.post(path, url="https://example.com", form_token=GUESSED).status_code == FORBIDDEN
    for origin in ("https://attacker.example", "http://127.0.0.1:8766", "null"):
        answer = reader.post(path, {"Origin": origin}, url="https://example.com", form_token=token)
        assert answer.status_code == FORBIDDEN


def test_a_form_that_is_too_large_is_refused(reader: Reader) -> None:
    assert reader.send("/add/file", url="x" * 11_000_000).status_code == TOO_LARGE


@pytest.mark.parametrize("path", ["/", "/nowhere", "/static/console.css", "/articles/nothing"])
def test_every_answer_says_what_may_run(reader: Reader, path: str) -> None:
    answer = reader.get(path)
    policy = dict(part.split(" ", 1) for part in answer.headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["img-src"] == "'self'"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_pages_are_kept_nowhere(reader: Reader) -> None:
    assert reader.get("/").headers["Cache-Control"] == "no-store"


def test_nothing_outside_of_the_static_files_is_served(reader: Reader) -> None:
    for path in ("../app.py", "..%2fapp.py", "%2e%2e/app.py", "/etc/passwd", "fonts/../../app.py"):
        assert reader.get(f"/static/{path}").status_code != OK


def test_it_is_served_on_loopback_alone(quiet: Installation) -> None:
    with served(quiet) as address:
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/\?token=[\w-]{43}", address)
