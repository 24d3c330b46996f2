"""Extraction of an article from the bytes of a page."""

from khobor.extract.extraction import extract, extract_page

__all__ = ["extract", "extract_page"]
