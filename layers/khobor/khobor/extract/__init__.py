"""Extraction: from the bytes of a page to an article."""

from khobor.extract.extraction import extract

__all__ = ["extract"]
