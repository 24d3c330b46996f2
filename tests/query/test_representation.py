"""Answers over HTTP: not modified, compressed, too large."""

import gzip
import json
import random
from http import HTTPStatus

import pytest

from khobor.errors import NotFoundError, PermanentError
from khobor.query.representation import MAX_BYTES, refusal, represent

DATA = json.dumps({"title": "খবর " * 500}).encode()
TAG = represent(DATA, "GET", {}).headers["ETag"]


@pytest.mark.parametrize("known", [TAG, TAG.removeprefix("W/"), f'"a", {TAG}', "*"])
def test_who_has_it_is_told_so(known: str) -> None:
    found = represent(DATA, "GET", {"if-none-match": known})
    assert (found.status, found.body) == (HTTPStatus.NOT_MODIFIED, "")
    assert found.headers["ETag"] == TAG


@pytest.mark.parametrize("known", ["", '"a"', TAG[:-2], f'"{TAG}"'])
def test_who_has_another_gets_it(known: str) -> None:
    assert represent(DATA, "GET", {"if-none-match": known}).body == DATA.decode()


@pytest.mark.parametrize(
    ("accepted", "is_compressed"),
    [
        ("gzip", True),
        ("br, GZIP;q=0.5", True),
        ("", False),
        ("br", False),
        ("gzip;q=0", False),
        ("gzip; q=0.00", False),
    ],
)
def test_it_is_compressed_for_who_takes_that(accepted: str, is_compressed: bool) -> None:
    found = represent(DATA, "GET", {"accept-encoding": accepted})
    assert ("Content-Encoding" in found.headers) is is_compressed
    assert (gzip.decompress(found.body) if isinstance(found.body, bytes) else found.body.encode()) == DATA
    assert found.headers["Vary"] == "Accept-Encoding"


def test_what_is_too_large_is_given_to_who_takes_it_compressed() -> None:
    data = json.dumps({"title": "খবর " * 1_000_000}, ensure_ascii=False).encode()
    with pytest.raises(PermanentError, match="Accept-Encoding: gzip") as error:
        represent(data, "GET", {})
    assert refusal(error.value).status == HTTPStatus.NOT_ACCEPTABLE
    assert represent(data, "GET", {"accept-encoding": "gzip"}).status == HTTPStatus.OK


def test_quotes_are_counted_as_lambda_counts_them() -> None:
    data = json.dumps(["a"] * (MAX_BYTES // 6)).encode()
    assert len(data) < MAX_BYTES
    with pytest.raises(PermanentError, match="too_large"):
        represent(data, "GET", {})


def test_what_is_too_large_even_compressed_is_refused() -> None:
    noise = random.Random(1).randbytes(MAX_BYTES).hex().encode()
    with pytest.raises(PermanentError, match="khobor get") as error:
        represent(noise, "GET", {"accept-encoding": "gzip"})
    assert refusal(error.value).status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE


def test_head_is_answered_without_a_body() -> None:
    found = represent(DATA, "HEAD", {})
    assert (found.status, found.body, found.headers["ETag"]) == (HTTPStatus.OK, "", TAG)


def test_a_refusal_tells_its_reason() -> None:
    found = refusal(NotFoundError("unknown_article", "there is none"))
    assert found.headers["Content-Type"] == "application/problem+json"
    assert json.loads(found.body) == {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "reason": "unknown_article",
        "detail": "there is none",
    }
