"""What a search gives back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class LegScore:
    """Where one leg ranked a product, and how high it scored there."""

    leg: str
    rank: int
    """From 1, by score descending, then product id ascending."""
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """What one leg added to a fused score, or one part to a mixed one."""

    leg: str
    """A leg; in a mixed score `fusion`, `cross_encoder`, `popularity`, `available`, `signal: ` and
    a field, or a feature of learned mixing (docs/learned_mixing.md)."""
    weight: float
    value: float
    """Already multiplied by the weight: the contributions of a hit add up to its fused score."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MixedScore:
    """How a candidate of the rerank window came to the score that it is ordered by."""

    value: float
    """The sum of the parts."""
    rerank_score: float | None
    """The cross-encoder's logit: higher is more relevant; no bounds. `None`: it did not read the
    product, and only the other parts decided."""
    fused_rank: int
    """Where fusion had it, from 1."""
    parts: tuple[Contribution, ...]
    """What fusion, the cross-encoder and each business signal added, already multiplied by its
    weight."""
    learned: bool = False
    """Whether the parts but the business signals are a learned model's, on its own scale."""
    cross_encoder: str = ""
    """Name and content of the model that gave the logit; empty: none did."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One product of a result, with all that decided its rank."""

    product_id: str
    rank: int
    """Position in the whole result, from 1, independent of the page."""
    fused_score: float | None
    """`None`: fusion did not rank this hit; it follows the fused candidates in BM25's order, or the
    result is sorted by a field."""
    legs: tuple[LegScore, ...] = ()
    """Only the legs that found the product."""
    contributions: tuple[Contribution, ...] = ()
    mixed: MixedScore | None = None
    """What the rerank window is ordered by; `None`: the hit lies outside of it, or nothing was
    reranked."""
    exact_code: bool = False
    """The query is the product's id or one of its codes (EAN, SKU, model number)."""
    document: Mapping[str, Any]
    """The stored product fields, without vectors."""
    explanation: tuple[str, ...] = ()
    """Plain sentences; empty unless asked for."""

    @property
    def rerank_score(self) -> float | None:
        """The cross-encoder's logit; `None`: the hit was not reranked."""
        return None if self.mixed is None else self.mixed.rerank_score


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetValue:
    """One value of a facet and how many products of the result have it."""

    value: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """The most frequent values of one field or attribute among the products of the result."""

    field: str
    values: tuple[FacetValue, ...]
