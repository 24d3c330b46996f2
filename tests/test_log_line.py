import json

import pytest

from khobor.log_line import log_line, without_secrets


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("https://me:secret@example.com/a", "https://***@example.com/a"),
        ("https://me@example.com/a", "https://***@example.com/a"),
        ("https://example.com/a?token=secret", "https://example.com/a?token=***"),
        ("https://example.com/a?id=7&api_key=secret&page=2", "https://example.com/a?id=7&api_key=***&page=2"),
        ("https://example.com/a?X-Amz-Signature=secret", "https://example.com/a?X-Amz-Signature=***"),
        ("https://example.com/a?AWSAccessKeyId=secret", "https://example.com/a?AWSAccessKeyId=***"),
        ("https://example.com/a?client_secret=secret&amp;b=1", "https://example.com/a?client_secret=***&amp;b=1"),
        ("https://example.com/a;jsessionid=secret", "https://example.com/a;jsessionid=***"),
    ],
)
def test_a_secret_of_a_url_is_left_out(url: str, told: str) -> None:
    assert without_secrets(f"{url} answered 403") == f"{told} answered 403"


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/a?id=7&page=2#comments",
        "https://example.com/@author/1",
        "https://example.com/a?keyword=bridge&monkey=1",
        "https://example.com/tokens/secret-of-the-bridge",
    ],
)
def test_what_is_no_secret_stays(url: str) -> None:
    assert without_secrets(url) == url


def test_a_line_is_json_however_deep_the_secret_lies() -> None:
    record = {"message": 'asked "https://a:b@example.com/"', "more": {"urls": ["https://example.com/?sig=s&x=1"]}}
    read = json.loads(log_line(record | {"function_arn": "arn:…"}))
    assert read == {
        "message": 'asked "https://***@example.com/"',
        "more": {"urls": ["https://example.com/?sig=***&x=1"]},
    }


def test_a_line_is_in_the_languages_script() -> None:
    assert "খবর" in log_line({"message": "খবর"})
