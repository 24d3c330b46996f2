"""What became of a listing, and of a run of a source."""

from collections import Counter
from dataclasses import dataclass, field

from khobor.frontier.budgets import Cause


@dataclass(kw_only=True)
class ListingReport:
    """The result of scheduling the URLs of a listing.

    Attributes:
        found: How many URLs the listing has, with the sitemaps that are refused.
        new: How many are requested now, for the first time.
        known: How many were known already.
        left: How many are left for a later run.
        left_by: How many are left, by cause (``frontier.budgets.CAUSES``).
        refused: How many are not fetched, by reason.
        foreign_facts: How many are requested without the facts of their entries, which another site stated.
        problems: The problems with the listing.
    """

    found: int = 0
    new: int = 0
    known: int = 0
    left: int = 0
    left_by: Counter[Cause] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    foreign_facts: int = 0
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class RunReport:
    """The requests of one run of a source.

    Attributes:
        listings: How many listings are requested.
        revisits: How many articles are requested again.
        silent: The URLs of the listings that have had no new article for longer than usual.
        left: How many listings and articles are left for a later run.
        left_by: How many are left, by cause (``frontier.budgets.CAUSES``).
    """

    listings: int
    revisits: int
    silent: tuple[str, ...]
    left: int
    left_by: dict[Cause, int]
