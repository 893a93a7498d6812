"""Why a product stands where it does, in a shopper's words and in bars."""

from collections.abc import Sequence
from dataclasses import dataclass

from query_proxy.search_page.texts import PageTexts
from search_core import Contribution, Hit

_BOOST = "boost: "
_SIGNAL = "signal: "
_BY_RELEVANCE = "relevance"
_LEGS = ("all_terms", "some_terms", "dense")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """What one part added to, or took from, a score."""

    text: str
    width: float
    """Percent of the largest bar on the page."""
    share: str
    """Of the hit's score, as read."""
    part: str
    """The leg or part, for its colour; `boost` for any boost."""
    negative: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reasons:
    """All that the page tells of a hit's rank."""

    found_by: tuple[str, ...]
    """The names of the legs, for labels."""
    sentences: tuple[str, ...]
    found_bars: tuple[Bar, ...]
    mixed_bars: tuple[Bar, ...]
    """What the rerank window was ordered by; empty: it was not reranked."""
    account: tuple[str, ...]
    """Retrieval's own sentences with every number, in English."""


def reasons(
    hit: Hit, following: Hit | None, hits: Sequence[Hit], sort: str, texts: PageTexts
) -> Reasons:
    """Return why a hit stands where it does.

    Args:
        hit: the hit.
        following: the next one on the page, if there is one.
        hits: all of the page, which share one scale of bars.
        sort: what the result is sorted by, as the address says.
        texts: of the page's language.
    """
    mixed = () if hit.mixed is None else hit.mixed.parts
    return Reasons(
        found_by=_found_by(hit, texts),
        sentences=(*_finds(hit, sort, texts), *_standing(hit, following, texts)),
        found_bars=_bars(hit.contributions, _largest([each.contributions for each in hits]), texts),
        mixed_bars=_bars(mixed, _largest([each.mixed.parts for each in hits if each.mixed]), texts),
        account=hit.explanation,
    )


def _found_by(hit: Hit, texts: PageTexts) -> tuple[str, ...]:
    found = {each.leg for each in hit.legs}
    names = [texts.legs[leg] for leg in _LEGS if leg in found]
    # A product with every word has some of them: saying both says nothing.
    if {"all_terms", "some_terms"} <= found:
        names.remove(texts.legs["some_terms"])
    return (texts.legs["code"], *names) if hit.exact_code else tuple(names)


def _finds(hit: Hit, sort: str, texts: PageTexts) -> list[str]:
    sentences = [texts.code_is_query] if hit.exact_code else []
    sentences += [texts.finds[each.leg].format(rank=each.rank) for each in hit.legs]
    if hit.fused_score is None:
        sentences.append(
            texts.follows_candidates
            if sort == _BY_RELEVANCE
            else texts.ordered_by.format(sort=texts.sorts.get(sort, sort))
        )
    if hit.mixed is not None and hit.mixed.rerank_score is not None:
        sentences.append(texts.read_together.format(rank=hit.mixed.fused_rank))
    return sentences


def _standing(hit: Hit, following: Hit | None, texts: PageTexts) -> list[str]:
    if following is None or hit.exact_code or hit.fused_score is None:
        return []
    ours, theirs = _parts(hit, following), _parts(following, hit)
    gains = {each.leg: each.value for each in ours}
    for each in theirs:
        gains[each.leg] = gains.get(each.leg, 0.0) - each.value
    if not gains or sum(gains.values()) <= 0:
        return [texts.level_with_next]
    most = max(gains, key=lambda leg: (gains[leg], leg))
    return [texts.above_next.format(part=_name(most, texts))]


def _parts(hit: Hit, beside: Hit) -> tuple[Contribution, ...]:
    """Return what a hit is compared by: the mixed score, where both have one."""
    return hit.mixed.parts if hit.mixed and beside.mixed else hit.contributions


def _bars(
    contributions: Sequence[Contribution], largest: float, texts: PageTexts
) -> tuple[Bar, ...]:
    total = sum(abs(each.value) for each in contributions)
    if not total or not largest:
        return ()
    return tuple(
        Bar(
            text=_name(each.leg, texts),
            width=round(100 * abs(each.value) / largest, 1),
            share=f"{'−' if each.value < 0 else ''}{100 * abs(each.value) / total:.0f}%",
            part="boost" if each.leg.startswith(_BOOST) else each.leg,
            negative=each.value < 0,
        )
        for each in contributions
    )


def _largest(of_hits: Sequence[Sequence[Contribution]]) -> float:
    return max((abs(each.value) for parts in of_hits for each in parts), default=0.0)


def _name(leg: str, texts: PageTexts) -> str:
    if leg.startswith(_BOOST):
        return texts.boost.format(reason=leg.removeprefix(_BOOST))
    return texts.legs.get(leg, leg.removeprefix(_SIGNAL).replace("_", " "))
