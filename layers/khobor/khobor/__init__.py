"""khobor: a serverless news archive. CONTRIBUTING.md describes the packages."""

__version__ = "0.1.0"
