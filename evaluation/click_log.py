"""What shoppers were shown, and what they chose."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownProduct:
    """One product on a result page, and whether the shopper chose it."""

    product_id: str
    rank: int
    """From 1."""
    clicked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedSearch:
    """One search of one shopper: what was shown, in rank order, and what was chosen."""

    query: str
    """In lower case, with single spaces: spellings that differ only in these are one query."""
    session: str
    """The shopper's session; the search itself where the log names none."""
    shown: tuple[ShownProduct, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClickLog:
    """All searches of a log, and what of it could not be used."""

    searches: tuple[LoggedSearch, ...]
    unusable: Mapping[str, int]
    """Reason → number of lines or searches set aside for it."""
