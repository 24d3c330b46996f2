"""Extraction: from the bytes of a page to an article."""

from khobor.extract.extraction import extract, extract_page

__all__ = ["extract", "extract_page"]
