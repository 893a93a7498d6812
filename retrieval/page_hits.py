"""The hits of a page: documents with all that decided their rank."""

from collections.abc import Sequence

from retrieval.explanation import explain_slice
from retrieval.ranked_result import RankedResult
from search_core import Hit, QueryPlan
from search_engine import PageAnswer, StoredProduct


def fused_hit(position: int, ranked: RankedResult, page: PageAnswer, *, explain: bool) -> Hit:
    """Return the hit of a fused candidate.

    Args:
        position: in the ranking, from 0.
        ranked: the ranking.
        page: has the candidate's document.
        explain: say why it stands there.
    """
    candidate = ranked.candidates[position]
    product_id = candidate.product_id
    return Hit(
        product_id=product_id,
        rank=position + 1,
        fused_score=candidate.fused_score,
        legs=ranked.ranking.legs_of(product_id),
        contributions=ranked.ranking.contributions_of(product_id),
        mixed=ranked.mixed.get(product_id),
        exact_code=candidate.exact_code,
        document=page.documents[product_id].document,
        explanation=ranked.explanation(position) if explain else (),
    )


def slice_hits(
    products: Sequence[StoredProduct],
    first_rank: int,
    sorted_by: str | None,
    *,
    explained_by: QueryPlan | None,
) -> list[Hit]:
    """Return the hits of products that OpenSearch ordered.

    Args:
        products: in their order.
        first_rank: of the first, from 1.
        sorted_by: the field; `None`: BM25.
        explained_by: the plan to explain them with; `None`: they are not explained.
    """
    return [
        Hit(
            product_id=product.product_id,
            rank=rank,
            fused_score=None,
            document=product.document,
            explanation=()
            if explained_by is None
            else explain_slice(product.score, sorted_by, explained_by),
        )
        for rank, product in enumerate(products, start=first_rank)
    ]
