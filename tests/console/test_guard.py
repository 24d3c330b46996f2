import re
import socket
import stat
from collections.abc import Callable

import pytest
from tests.console.conftest import Reader

from khobor.cli.commands.console import opening_page
from khobor.console.aws_deployment import AwsDeployment
from khobor.console.deployment import Deployment
from khobor.console.server import serve_console

GUESSED = "guessed"
FORBIDDEN, MISDIRECTED, OK, SEE_OTHER, TOO_LARGE = 403, 421, 200, 303, 413


@pytest.fixture
def stranger(quiet: AwsDeployment, make_reader: Callable[[Deployment], Reader]) -> Reader:
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


def test_it_is_served_on_loopback_alone(quiet: AwsDeployment) -> None:
    with serve_console(quiet) as opening:
        assert re.fullmatch(r"http://khobor-[0-9a-f]{16}\.localhost:\d+/\?token=[\w-]{43}", opening.address)
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/\?token=[\w-]{43}", opening.numbered_address)


def test_an_address_opens_the_console_once(quiet: AwsDeployment, make_reader: Callable[[Deployment], Reader]) -> None:
    first = make_reader(quiet)
    address = first.console.guard.new_token()
    assert first.get("/", token=address).status_code == SEE_OTHER
    second = Reader(first.console)
    assert second.get("/", token=address).status_code == FORBIDDEN
    assert "start khobor console again" in second.get("/", token=address).text
    assert second.get("/").status_code == FORBIDDEN
    assert first.get("/").status_code == OK
    # The printed address has a token of its own, which the first has left.
    assert second.open().status_code == SEE_OTHER


def test_a_run_has_a_name_of_its_own_and_answers_to_no_others(
    quiet: AwsDeployment, make_reader: Callable[[Deployment], Reader]
) -> None:
    one, other = make_reader(quiet), make_reader(quiet)
    assert one.console.guard.name != other.console.guard.name
    named = {"Host": f"{one.console.guard.name}:8765"}
    assert one.get("/static/console.css", named).status_code == OK
    assert other.get("/static/console.css", named).status_code == MISDIRECTED
    assert one.get("/static/console.css", {"Host": f"a.{one.console.guard.name}:8765"}).status_code == MISDIRECTED


def test_the_cookie_is_of_the_host_alone(stranger: Reader) -> None:
    assert "Domain" not in stranger.open().headers["Set-Cookie"]


def test_what_comes_from_a_file_is_led_on_by_a_page_of_the_console(stranger: Reader) -> None:
    """A browser sends a strict cookie with no redirect that began at a file."""
    answer = stranger.get("/", {"Sec-Fetch-Site": "cross-site"}, token=stranger.console.guard.token)
    assert (answer.status_code, "Location" in answer.headers) == (OK, False)
    assert "Set-Cookie" in answer.headers
    assert 'content="0; url=/"' in answer.text


def test_nobody_else_gets_the_port_of_the_other_loopback_address(quiet: AwsDeployment) -> None:
    with serve_console(quiet) as opening, socket.socket(socket.AF_INET6) as squatter:
        squatter.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with pytest.raises(OSError, match=r"in use|assign"):
            squatter.bind(("::1", opening.port))


def test_the_browser_is_given_a_file_that_its_owner_alone_reads(quiet: AwsDeployment) -> None:
    with serve_console(quiet) as opening, opening_page(opening) as page:
        assert stat.S_IMODE(page.stat().st_mode) == 0o600
        assert stat.S_IMODE(page.parent.stat().st_mode) == 0o700
        assert f"http://{opening.guard.name}:{opening.port}/?token=" in page.read_text("utf-8")
        assert opening.guard.token not in page.read_text("utf-8")
    assert not page.parent.exists()
