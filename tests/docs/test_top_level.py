"""Links of a top-level document lead to the same page from the manual."""

import pytest
from tests.docs.top_level import from_page


@pytest.mark.parametrize(
    ("written", "address", "link"),
    [
        ("[a](docs/operations/restore.md)", "operations/security.md", "[a](restore.md)"),
        ("[a](docs/reference/fields.md#dates)", "operations/security.md", "[a](../reference/fields.md#dates)"),
        ("[a](docs/design.md)", "changelog.md", "[a](design.md)"),
        ("[a](SECURITY.md)", "changelog.md", "[a](operations/security.md)"),
        ("[a](CHANGELOG.md)", "operations/security.md", "[a](../changelog.md)"),
        ("[a](#your-own-key)", "operations/security.md", "[a](#your-own-key)"),
        ("[a](https://keepachangelog.com/)", "changelog.md", "[a](https://keepachangelog.com/)"),
    ],
)
def test_a_link_of_a_top_level_document_is_as_it_is_from_its_page(written: str, address: str, link: str) -> None:
    assert from_page(written, address) == link
