"""Notices filters and facets that name what no product has: they answer nothing, without a word."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from rapidfuzz import fuzz, process

from search_core import Facet, Filter, Hit, SearchEngineError, TermFilter, TextFilter, attribute_key
from search_engine import DATE_FIELDS, KEYWORD_FIELDS, NUMBER_FIELDS, MissingNames

_logger = logging.getLogger(__name__)

_PRODUCT_FIELDS = KEYWORD_FIELDS | NUMBER_FIELDS | DATE_FIELDS | {"available"}
_NEAR, _ALIKE = 3, 65
"""Names told at most, and how alike they are at least, of 100: one of two letters, or a word."""
_LEAST_SECONDS = 0.02
_BY_WORDS = 0.95
"""What sharing all words is worth beside being written the same."""


class KnowsNames(Protocol):
    """Knows the names of an index's attributes: `search_engine.AttributeNames`."""

    async def missing(
        self,
        index: str,
        names: Sequence[str],
        *,
        headers: Mapping[str, str],
        timeout_seconds: float,
    ) -> MissingNames:
        """Say which names no product has as an attribute.

        Raises:
            SearchEngineError: that cannot be said.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownName:
    """A name in a filter or facet that no product of the index has."""

    name: str
    """As it was asked for."""
    near: tuple[str, ...]
    """The field that the catalogue's column of this name became, or names that look alike, the most
    alike first; empty where there is neither."""

    @property
    def sentence(self) -> str:
        """What there is to say of it."""
        told = f"no product has an attribute {self.name!r}"
        return f"{told}; perhaps {' or '.join(self.near)}?" if self.near else told


class NameCheck:
    """Looks at what a search asked by name, after it was answered.

    It costs nothing where the answer shows that a name is known: a facet has values, or a product
    passed the filter. Otherwise OpenSearch is asked, since an attribute may well have no value
    among the products found.
    """

    def __init__(self, names: KnowsNames, timeout_seconds: float) -> None:
        """Keep what is needed.

        Args:
            names: of the attributes there are.
            timeout_seconds: for a request to OpenSearch.
        """
        self._names = names
        self._seconds = timeout_seconds

    async def unknown(
        self,
        index: str,
        *,
        filters: Sequence[Filter],
        facets: Sequence[Facet] = (),
        hits: Sequence[Hit] = (),
        found: bool,
        headers: Mapping[str, str],
        timeout_seconds: float | None = None,
    ) -> tuple[UnknownName, ...]:
        """Return the names that no product of the index has, in the order in which they were asked.

        Where OpenSearch does not answer there are none: the search itself was answered.

        Args:
            index: that was searched.
            filters: that were asked for.
            facets: as they were answered.
            hits: some of what was found.
            found: whether any product passed the filters.
            headers: sent to OpenSearch.
            timeout_seconds: that the search has left; with nearly nothing left nobody is asked.
                `None`: as much as a request may take.
        """
        names = doubtful_names(filters, facets, hits, found=found)
        seconds = self._seconds if timeout_seconds is None else timeout_seconds
        if not names or seconds < _LEAST_SECONDS:
            return ()
        try:
            answer = await self._names.missing(
                index, names, headers=headers, timeout_seconds=min(seconds, self._seconds)
            )
        except SearchEngineError as error:
            _logger.warning("names_not_checked: %s", error.message)
            return ()
        known = (*sorted(_PRODUCT_FIELDS), *answer.present)
        fields = {
            column: field for column, field in answer.columns.items() if field in _PRODUCT_FIELDS
        }
        return tuple(
            UnknownName(name=each, near=_meant(each, fields) or near_names(each, known))
            for each in answer.missing
        )


def doubtful_names(
    filters: Sequence[Filter], facets: Sequence[Facet], hits: Sequence[Hit], *, found: bool
) -> tuple[str, ...]:
    """Return the names of attributes that an answer does not show to be known.

    Args:
        filters: that were asked for.
        facets: as they were answered.
        hits: some of what was found.
        found: whether any product passed the filters.
    """
    shown = {attribute_key(each["name"]) for hit in hits for each in _attributes(hit)}
    shown |= {attribute_key(each.field) for each in facets if each.values}
    asked = [each for each in filters if not isinstance(each, TextFilter)]
    if found:
        shown |= {attribute_key(each.field) for each in asked if not _keeps_who_lacks_it(each)}
    names = {attribute_key(name): name for name in [each.field for each in (*asked, *facets)][::-1]}
    return tuple(
        name
        for key, name in reversed(names.items())
        if key not in shown and key not in _PRODUCT_FIELDS
    )


def _meant(name: str, fields: Mapping[str, str]) -> tuple[str, ...]:
    """Return the field that a column of this name became, if one did."""
    field = fields.get(attribute_key(name))
    return () if field is None else (field,)


def near_names(name: str, known: Sequence[str]) -> tuple[str, ...]:
    """Return those of some names that look like another, the most alike first."""
    by_key = {attribute_key(each).replace("_", " "): each for each in known}
    asked = attribute_key(name).replace("_", " ")
    found = process.extract(asked, list(by_key), scorer=_likeness, limit=_NEAR, score_cutoff=_ALIKE)
    return tuple(by_key[key] for key, _, _ in found)


def _likeness(one: str, other: str, *, score_cutoff: float | None = None) -> float:
    """Return how alike two names are, 0 to 100: by their letters, or by whole words in common."""
    del score_cutoff  # what rapidfuzz hands over; the caller applies it
    return max(fuzz.ratio(one, other), _BY_WORDS * fuzz.token_set_ratio(one, other))


def _keeps_who_lacks_it(each: Filter) -> bool:
    return isinstance(each, TermFilter) and each.negated


def _attributes(hit: Hit) -> Sequence[Mapping[str, str]]:
    return hit.document.get("attributes") or ()
