"""Why a hit stands where it does, in plain words."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from retrieval.filter_softening import applied_filters
from retrieval.filter_words import filter_words
from retrieval.fused_candidates import FusedCandidate
from retrieval.fusion import FusedRanking
from retrieval.mixing_explanation import mixed_comparison, mixing_sentence
from search_core import Contribution, LegScore, MixedScore, QueryPlan
from search_core.settings import FusionMethod, FusionSettings
from search_engine import Leg

_LEG_WORDS = {
    Leg.ALL_TERMS.value: ("has every word of the query", "BM25"),
    Leg.SOME_TERMS.value: ("has words of the query", "BM25"),
    Leg.DENSE.value: ("is close in meaning", "cosine"),
}

_NOTHING_MIXED: Mapping[str, MixedScore] = MappingProxyType({})


def explain_fused(
    candidate: FusedCandidate,
    following: FusedCandidate | None,
    ranking: FusedRanking,
    plan: QueryPlan,
    settings: FusionSettings,
    mixed: Mapping[str, MixedScore] = _NOTHING_MIXED,
) -> tuple[str, ...]:
    """Return sentences on what found a candidate, what that was worth, and what puts it above the
    next one.

    Args:
        candidate: the hit.
        following: the next one shown; `None` for the last.
        ranking: knows what each leg gave.
        plan: the query's plan, for what touched the query.
        settings: the fusion that made the ranking.
        mixed: by product id, the scores of the rerank window; empty: nothing was reranked.
    """  # noqa: D205 - one sentence
    sentences = [
        *_plan_sentences(plan),
        *(_leg_sentence(each) for each in ranking.legs_of(candidate.product_id)),
    ]
    if candidate.exact_code:
        sentences.append("One of its codes is the query, so it stands first.")
    contributions = ranking.contributions_of(candidate.product_id)
    sentences.append(_fusion_sentence(candidate.fused_score, contributions, settings))
    score = mixed.get(candidate.product_id)
    if score is not None:
        sentences.append(mixing_sentence(score))
    if following is not None:
        theirs = ranking.contributions_of(following.product_id)
        by_mixing = None
        if candidate.exact_code == following.exact_code:
            by_mixing = mixed_comparison(candidate.product_id, following.product_id, mixed)
        sentences.append(
            by_mixing or _comparison(candidate, following, _gains(contributions, theirs))
        )
    return tuple(sentences)


def explain_slice(score: float | None, sorted_by: str | None, plan: QueryPlan) -> tuple[str, ...]:
    """Return sentences on a hit that OpenSearch ordered: beyond the fused candidates, or sorted."""
    if sorted_by is not None:
        reason = f"It matches the query and stands here by {sorted_by}, not by relevance."
    else:
        reason = (
            f"It has every word of the query (BM25 {score or 0.0:.2f}) and follows the fused "
            "candidates in BM25's order."
        )
    return (*_plan_sentences(plan), reason)


def _plan_sentences(plan: QueryPlan) -> list[str]:
    sentences = [f"{step.rewriter}: {step.message}" for step in plan.log]
    filters = applied_filters(plan)
    if filters:
        kept = "; ".join(filter_words(each) for each in filters)
        sentences.append(f"Only products are considered of which: {kept}.")
    return sentences


def _leg_sentence(score: LegScore) -> str:
    words, unit = _LEG_WORDS[score.leg]
    return f"It {words}: rank {score.rank} of {score.leg} ({unit} {score.score:.3f})."


def _fusion_sentence(
    fused_score: float, contributions: Sequence[Contribution], settings: FusionSettings
) -> str:
    sum_of = " + ".join(f"{each.value:.4f} ({each.leg})" for each in contributions)
    rule = (
        f"weight / ({settings.rank_constant} + rank)"
        if settings.method is FusionMethod.RECIPROCAL_RANK
        else f"weight × {settings.method.value} score"
    )
    boosted = any(each.leg.startswith("boost: ") for each in contributions)
    after = ", a boost its weight × what the legs gave" if boosted else ""
    return f"Fused score {fused_score:.4f} = {sum_of}, each {rule}{after}."


def _comparison(
    candidate: FusedCandidate, following: FusedCandidate, gains: dict[str, float]
) -> str:
    name = following.product_id
    if candidate.exact_code and not following.exact_code:
        return f"It stands above {name} because the query is one of its codes."
    lead = candidate.fused_score - following.fused_score
    if lead <= 0:
        return f"It ties with {name} and stands first by its id."
    most = max(gains, key=lambda leg: gains[leg])
    against = [leg for leg in gains if gains[leg] < 0]
    text = f"It stands {lead:.4f} above {name}, mostly by {most} ({gains[most]:+.4f})"
    if against:
        text += ", in spite of " + ", ".join(f"{leg} ({gains[leg]:+.4f})" for leg in against)
    return f"{text}."


def _gains(ours: Sequence[Contribution], theirs: Sequence[Contribution]) -> dict[str, float]:
    """Return by leg how much more it gave to the one than to the other."""
    gains = {each.leg: each.value for each in ours}
    for each in theirs:
        gains[each.leg] = gains.get(each.leg, 0.0) - each.value
    return gains
