"""What a store of pages offers: pages and listings kept as they came.

Code outside this package uses these interfaces. An implementation, such as ``pages.s3``, is chosen where a program is
composed. Keys are those of ``keys.py``.
"""

from typing import Protocol

from khobor.article import RawReference
from khobor.page import RawPage


class PageReader(Protocol):
    """Reads pages and listings."""

    def get(self, reference: RawReference, max_bytes: int) -> tuple[RawPage, RawReference]:
        """Return a page or a listing, fetched or uploaded, and the reference to the version that was read.

        Args:
            reference: The page; without a version, its newest one.
            max_bytes: The largest size that is read, after decompression.

        Raises:
            PermanentError: ``no_such_object``, ``empty``, ``too_large``, ``truncated_gzip``, ``bad_gzip``, or
                ``bad_url`` if the URL in its metadata is not one.
        """

    def versions(self, reference: RawReference) -> list[RawReference]:
        """Return all versions of a page, the oldest first; none if it was deleted or never existed."""


class PageStore(PageReader, Protocol):
    """Reads, keeps and deletes pages and listings."""

    def put_page(self, page: RawPage) -> str:
        """Keep a fetched page, and return its key.

        Raises:
            PermanentError: ``bad_url`` if the page has no URL, ``url_too_long``.
        """

    def put_listing(self, page: RawPage, source: str, kind: str) -> str:
        """Keep a fetched listing, and return its key.

        Args:
            page: The listing as it came.
            source: The name of its source.
            kind: The kind of listing.

        Raises:
            PermanentError: ``bad_url`` if the listing has no URL, ``url_too_long``.
        """

    def put_upload(self, page: RawPage) -> str:
        """Keep a page that was handed over, such as a saved file, and return its key.

        Args:
            page: The page; it may have no URL.

        Raises:
            PermanentError: ``url_too_long``.
        """

    def url_of(self, key: str) -> str | None:
        """Return the URL by which a page was requested; None if it is not known, or the page is not there."""

    def delete(self, key: str) -> int:
        """Delete a page with all its versions, or all objects below a key that ends with a slash.

        Args:
            key: The key.

        Returns:
            The number of versions that were deleted.

        Raises:
            RetryableError: ``not_deleted``.
        """
