"""khobor: a serverless news archive. Its rooms and their order are described in the README."""

__version__ = "0.1.0"
