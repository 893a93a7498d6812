"""A ranking whose page has not been fetched: what `Retriever.ranking` gives."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from retrieval.explanation import explain_fused
from retrieval.fused_candidates import FusedCandidate, ids_of, scores_of
from retrieval.fusion import FusedRanking
from retrieval.search_request import Timings
from search_core import MixedScore, QueryPlan
from search_core.settings import FusionSettings
from search_engine import Coverage, DocumentVersion, ResultSet, Slice, StoredProduct


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedResult:
    """The fused candidates of a request, and the result set that they head."""

    ranking: FusedRanking
    candidates: Sequence[FusedCandidate]
    """Best first; one a variant group, when collapsed."""
    result_set: ResultSet
    more: bool
    """Whether products beyond the candidates belong to the result: they follow in BM25's order."""
    plan: QueryPlan
    fusion: FusionSettings
    generation: str
    """The physical index that answered."""
    preference: str
    """Sent with the page's requests too, it keeps them on the same shard copies."""
    degraded: tuple[str, ...]
    timings: Timings
    """Without the page, and without a total."""
    mixed: Mapping[str, MixedScore] = field(default_factory=dict)
    """By product id, what the rerank window is ordered by; empty: nothing was reranked."""
    documents: Mapping[str, StoredProduct] = field(default_factory=dict)
    """By product id, what was fetched for reranking: a page need not ask for it again."""
    versions: Mapping[str, DocumentVersion] = field(default_factory=dict)
    """By product id, in which state a candidate was seen."""
    coverage: Coverage | None = None
    """How much of the index the legs reached; `None`: it is not known."""

    @property
    def cross_encoder(self) -> str:
        """Name and content of the model that read the window; empty: none did."""
        return next((each.cross_encoder for each in self.mixed.values()), "")

    def page(self, offset: int, size: int) -> tuple[FusedCandidate, ...]:
        """Return the candidates of a page."""
        return tuple(self.candidates[offset : offset + size])

    def page_ids(self, offset: int, size: int) -> Sequence[str]:
        """Return the product ids of a page's candidates."""
        return self.ids()[offset : offset + size]

    def ids(self) -> Sequence[str]:
        """Return the product ids of all candidates, in their order."""
        return ids_of(self.candidates)

    def fused_scores(self) -> Sequence[float]:
        """Return the fused scores of all candidates, in their order."""
        return scores_of(self.candidates)

    def rest(self, offset: int, size: int) -> Slice | None:
        """Return what a page needs beyond the candidates, or `None`."""
        missing = size - len(range(len(self.candidates))[offset : offset + size])
        if missing <= 0 or not self.more:
            return None
        collapse = self.result_set.collapse
        return Slice(
            offset=max(0, offset - len(self.candidates)),
            size=missing,
            excluded_ids=() if collapse else tuple(self.ids()),
            excluded_groups=(
                tuple(each.variant_group for each in self.candidates) if collapse else ()
            ),
        )

    def explanation(self, position: int, *, last: bool = False) -> tuple[str, ...]:
        """Say why a candidate stands where it does.

        Args:
            position: of the candidate, from 0.
            last: leave out what puts it above the next one, which is not shown.
        """
        following = self.candidates[position + 1 : position + 2]
        return explain_fused(
            self.candidates[position],
            following[0] if following and not last else None,
            self.ranking,
            self.plan,
            self.fusion,
            self.mixed,
        )
