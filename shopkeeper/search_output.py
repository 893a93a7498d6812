"""A search's response as text for a terminal."""

from collections.abc import Mapping
from typing import Any

from retrieval import SearchRequest, SearchResponse
from search_core import Hit
from shopkeeper.console import counted, note, out, table


def print_response(
    response: SearchResponse, request: SearchRequest, *, explained: bool = False
) -> None:
    """Print hits, facets, and what was done without.

    Args:
        response: what was found.
        request: what was asked for.
        explained: print each hit with its explanation, instead of a table.
    """
    for step in response.plan.log:
        note(f"{step.rewriter}: {step.message}")
    for reason in response.degraded:
        note(f"degraded: {reason}")
    for each in response.unknown_names:
        note(f"warning: {each.sentence}")
    if not response.hits:
        beyond = f" from number {request.offset + 1:,} on" if response.total else ""
        out(f"no products for {response.plan.original_text!r}{beyond}")
    elif explained:
        _print_explained_hits(response)
    else:
        table(
            _title(response, request),
            ("#", "id", "title", "brand", "price", "found by", "score"),
            [_row(hit) for hit in response.hits],
        )
    for facet in response.facets:
        rows = [(each.value, str(each.count)) for each in facet.values]
        table(facet.field, (facet.field, "products"), rows)
    times = response.timings
    note(
        f"{counted(response.total, 'product')} in {times.total_ms:.0f} ms "
        f"(encode {times.encode_ms:.0f}, legs {times.legs_ms:.0f}, "
        f"fusion {times.fusion_ms:.0f}, rerank {times.rerank_ms:.0f}, "
        f"page {times.page_ms:.0f}) from {response.generation}"
    )


def _title(response: SearchResponse, request: SearchRequest) -> str:
    first = request.offset + 1
    last = request.offset + len(response.hits)
    return f"{response.plan.original_text} — {first} to {last} of {response.total:,}"


def _row(hit: Hit) -> tuple[str, ...]:
    return (
        str(hit.rank),
        hit.product_id,
        str(hit.document.get("title", "")),
        str(hit.document.get("brand", "")),
        price_text(hit.document),
        ", ".join(f"{each.leg} {each.rank}" for each in hit.legs),
        "" if hit.fused_score is None else f"{hit.fused_score:.4f}",
    )


def print_explained(hit: Hit) -> None:
    """Print the sentences that explain a hit."""
    for sentence in hit.explanation:
        out(f"   - {sentence}")
    out()


def _print_explained_hits(response: SearchResponse) -> None:
    """Print every hit with its explanation."""
    for hit in response.hits:
        out(f"{hit.rank}. {hit.document.get('title', '')}  [{hit.product_id}]")
        facts = [str(hit.document.get("brand", "")), price_text(hit.document)]
        if any(facts):
            out("   " + " · ".join(fact for fact in facts if fact))
        print_explained(hit)


def price_text(document: Mapping[str, Any]) -> str:
    """Return a product's price with its currency, or an empty text."""
    price = document.get("price")
    if price is None:
        return ""
    return f"{price:,.2f} {document.get('currency', '')}".strip()
