"""Pairs of words that may mean the same, each with what speaks for it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from query_understanding.lexicon.product_words import phrase_key


class SynonymSource(StrEnum):
    """Where a pair was found."""

    ACRONYM = "acronym"
    """The catalogue writes both: `solid state drive (SSD)`."""
    SPELLING = "spelling"
    """Two spellings of one word in products of the same kinds: colour, color."""
    SPACING = "spacing"
    """The catalogue writes it in one word and in two."""
    MEANING = "meaning"
    """A model places both close together, across languages where it can."""
    LANGUAGE_MODEL = "language_model"
    """A language model says so."""
    REFORMULATION = "reformulation"
    """Shoppers typed the one, chose nothing, typed the other, and chose."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One thing that speaks for a pair."""

    source: SynonymSource
    detail: str
    """In words that a merchandiser understands."""
    strength: float
    """0 to 1, comparable within a source."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SynonymProposal:
    """A pair, to be judged by a person."""

    term: str
    """What a query has."""
    synonym: str
    """What it would match as well."""
    evidence: tuple[Evidence, ...]
    """The strongest first."""

    @property
    def strength(self) -> float:
        """The sum of the evidence's: what several sources say is said more surely."""
        return sum(each.strength for each in self.evidence)


def merged(found: Iterable[SynonymProposal]) -> tuple[SynonymProposal, ...]:
    """Return the proposals, those of one pair together, the best founded first.

    Args:
        found: by all sources; a pair counts as the same in either direction.
    """
    pairs: defaultdict[frozenset[str], list[SynonymProposal]] = defaultdict(list)
    for each in found:
        key = frozenset({phrase_key(each.term), phrase_key(each.synonym)})
        if len(key) == 2 and "" not in key:
            pairs[key].append(each)
    proposals = [
        SynonymProposal(
            term=group[0].term,
            synonym=group[0].synonym,
            evidence=_strongest(evidence for each in group for evidence in each.evidence),
        )
        for group in pairs.values()
    ]
    return tuple(sorted(proposals, key=lambda each: (-each.strength, each.term, each.synonym)))


def _strongest(found: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """Keep one of each source: a plural says nothing that its singular did not."""
    by_source: dict[SynonymSource, Evidence] = {}
    for each in sorted(found, key=lambda evidence: -evidence.strength):
        by_source.setdefault(each.source, each)
    return tuple(by_source.values())
