"""Which kinds of product a query means, so that main products stand above their accessories."""

import math
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from query_understanding.denied_words import without_denied
from query_understanding.known_catalogue import KnownCatalogue
from query_understanding.lexicon.lexicon import NO_KIND, AttributeValue, Lexicon
from query_understanding.lexicon.product_words import (
    Unit,
    is_cjk,
    phrase_of,
    singular,
    units,
)
from search_core import Boost, QueryPlan, TermFilter, TextFilter, attribute_key, unit_measure

_WEIGHT = 0.35
"""Of a kind that is certain."""
_LEAST_SHARE = 0.15
_MOST_KINDS = 3
_NAMED_SHARE = 0.9
"""Probability of a kind whose very name ends the query."""
_PRICE_EXPONENT = 1.0
"""How much a dearer kind is preferred: of the products that a name stands on, the dearest is mostly
the thing itself and the others go with it."""
_FITTING_WEIGHT = -0.35
"""Of what says that it fits the product that the query names, where no kind is likely."""
_LEAST_WEIGHT = 0.05
"""A boost that is smaller is not worth its clause in the search."""
_VALUE_SHARE = 0.25
"""Of the products that mention a word, those that have it as a value; as in `entities`."""
_OTHER_SHARE = 0.5
"""Of the products with a word in their titles, those of one kind: then it is that kind's word."""
_LEAST_OTHERS = 3
"""Products of that kind with the word: what one or two have is chance."""
_SMOOTHING = 0.5
_LONGEST_NAME = 6
_LONGEST_BRAND = 3
_AFTER_THE_HEAD = re.compile(
    r"(?<!\w)(?:for|with|without|to|from|in|compatible)(?!\w)", re.IGNORECASE
)


class ProductKindRewriter:
    """Prefers the kinds of product that the query is about."""

    name = "product_kinds"

    def rewrite(self, plan: QueryPlan, catalogue: KnownCatalogue) -> QueryPlan:
        """Boost likely kinds, and move what goes with a named product down; see `Rewriter`."""
        shares = kind_shares(plan.text, catalogue.lexicon)
        preferred = preferring(plan, shares, self.name, catalogue)
        sure = max(shares.values(), default=0.0)
        return _moving_down_what_fits(preferred, sure, self.name, catalogue.lexicon)


def preferring(
    plan: QueryPlan, shares: Mapping[int, float], rewriter: str, catalogue: KnownCatalogue
) -> QueryPlan:
    """Return the plan with a boost for each likely kind, and its log saying so.

    Args:
        plan: as it came. Where its text is in two scripts, a kind's counterpart is preferred too.
        shares: place in the lexicon's kinds → probability.
        rewriter: who says so.
        catalogue: whose kinds they are.
    """
    kinds = catalogue.lexicon.kinds
    alike = _preferred_alike(shares, plan.text, catalogue)
    ranked = sorted(alike, key=lambda places: (-alike[places], places))[:_MOST_KINDS]
    likely = [places for places in ranked if alike[places] >= _LEAST_SHARE]
    if not likely:
        return plan
    names = {places: tuple(kinds[place].name for place in places) for places in likely}
    boosts = [
        Boost(
            filter=TermFilter(field=kinds[places[0]].field, values=names[places]),
            weight=round(_WEIGHT * alike[places], 3),
            reason=f"is a {' or '.join(names[places])}",
        )
        for places in likely
    ]
    said = ", ".join(f"{' or '.join(names[places])} ({alike[places]:.0%})" for places in likely)
    return replace(plan, boosts=(*plan.boosts, *boosts)).logged(
        rewriter, f"most likely about: {said}"
    )


def _preferred_alike(
    shares: Mapping[int, float], text: str, catalogue: KnownCatalogue
) -> Mapping[tuple[int, ...], float]:
    """Return the places of kinds that are the same thing → how likely it is meant.

    A text in two scripts has words of products in either, and who typed it reads both. To prefer
    one script's kind alone would tell phone cases apart by the language of their titles.
    """
    if not _is_in_two_scripts(text):
        return {(place,): share for place, share in shares.items()}
    alike: dict[tuple[int, ...], float] = {}
    for place in sorted(shares, key=lambda each: (-shares[each], each)):
        other = catalogue.counterparts.get(place)
        both = (place,) if other is None else (place, other)
        both = both[::-1] if both[::-1] in alike else both
        alike[both] = alike.get(both, 0.0) + shares[place]
    return alike


def _is_in_two_scripts(text: str) -> bool:
    """Say whether a text has Chinese (Japanese, Korean) characters, and letters."""
    return is_cjk(text) and any(each.isalpha() and not is_cjk(each) for each in text)


def _moving_down_what_fits(
    plan: QueryPlan, sure: float, rewriter: str, lexicon: Lexicon
) -> QueryPlan:
    """Return the plan in which products are moved down that say they fit what the text names.

    Only where it names nothing else: `novaphone 12 case` asks for them.

    Args:
        plan: as it came.
        sure: probability of the likeliest kind. What is preferred by its kind stands above what
            goes with it already, which would only fall behind what goes with other products.
        rewriter: who says so.
        lexicon: of the catalogue.
    """
    found = units(plan.text)
    start, values = _fitted([each.text for each in found], lexicon)
    share = _FITTING_WEIGHT * (1 - sure)
    if not values or -share < _LEAST_WEIGHT:
        return plan
    name = plan.text[found[start].start : found[-1].end]
    # What says that it fits `P2035` has that code as well: the share is one of all that it gains.
    weight = round(share * (1 + _gained_by_mentioning(name, plan)), 3)
    by_attribute: defaultdict[str, list[str]] = defaultdict(list)
    for each in values:
        by_attribute[each.attribute].append(each.value)
    boosts = [
        Boost(
            filter=TermFilter(field=attribute, values=tuple(stated), exact=True),
            weight=weight,
            reason=f"goes with {name}",
        )
        for attribute, stated in by_attribute.items()
    ]
    return replace(plan, boosts=(*plan.boosts, *boosts)).logged(
        rewriter, f"named: {name}; what says that it fits it is moved down"
    )


def _gained_by_mentioning(name: str, plan: QueryPlan) -> float:
    """Return the weights of the boosts that a product has for nothing but a part of the name."""
    return sum(
        each.weight
        for each in plan.boosts
        if isinstance(each.filter, TextFilter)
        and not each.filter.negated
        and each.weight > 0
        and any(phrase in name for phrase in each.filter.phrases)
    )


def _fitted(words: Sequence[str], lexicon: Lexicon) -> tuple[int, tuple[AttributeValue, ...]]:
    """Return where in the text the name begins that it ends with, and what fits it.

    The text is a name, with or without a brand before it. Without values: it is none.
    """
    for start in range(min(_LONGEST_BRAND + 1, len(words))):
        if start and phrase_of(words[:start]) not in lexicon.brands:
            continue
        values = lexicon.fitted.get(phrase_of(words[start:]))
        if values:
            return start, values
    return 0, ()


def kind_shares(text: str, lexicon: Lexicon) -> Mapping[int, float]:
    """Return place in `lexicon.kinds` → probability that the query is about that kind.

    The shares add up to less than 1 where many of the products that the words stand on have no
    kind. Empty when the words say nothing about kinds.
    """
    text = without_denied(text, lexicon)
    head = units(_AFTER_THE_HEAD.split(text)[0])
    named, length = _named(head, lexicon)
    by_words = _by_words(units(_AFTER_THE_HEAD.sub(" ", text)), lexicon)
    if not named:
        return by_words or _before_properties(head, lexicon)
    share = _NAMED_SHARE * _coverage(head[-1:], lexicon) / len(named)
    shares = dict.fromkeys(named, share)
    if (
        not by_words
        and length < len(head)
        and _is_of_another(head[-length - 1], head[-1].text, named, lexicon)
    ):
        # `oat milk`, where oats are in drinks: the name has half a say here too.
        return dict.fromkeys(named, share / 2)
    if length == len(head) or not by_words:
        return shares
    # `mouse toy` ends with a kind, but its other words say more: both have half a say.
    places = shares.keys() | by_words.keys()
    return {place: (shares.get(place, 0.0) + by_words.get(place, 0.0)) / 2 for place in places}


def _named(found: tuple[Unit, ...], lexicon: Lexicon) -> tuple[tuple[int, ...], int]:
    """Return the kinds whose name is the end of the text, and of how many units.

    English and Chinese put the head of a name last.
    """
    for count in range(min(_LONGEST_NAME, len(found)), 0, -1):
        places = lexicon.kind_places.get(phrase_of([each.text for each in found[-count:]]))
        if places:
            return places, count
    return (), 0


def _is_of_another(unit: Unit, name: str, named: Sequence[int], lexicon: Lexicon) -> bool:
    """Say whether the word before a name is mostly one other kind's, and never the named one's.

    What many kinds have, as colours and materials, says nothing against the one that is named.
    """
    counts = lexicon.word_kinds.get(singular(unit.text), {})
    most = max((count for place, count in counts.items() if place != NO_KIND), default=0)
    mostly_one = most >= max(_LEAST_OTHERS, _OTHER_SHARE * sum(counts.values()))
    in_one_script = not any(is_cjk(each) for each in (unit.text, name))
    is_word = unit.text.isalpha() and in_one_script
    return is_word and mostly_one and counts.keys().isdisjoint(named)


def _before_properties(head: tuple[Unit, ...], lexicon: Lexicon) -> Mapping[int, float]:
    """Return the kind that a text names before it says what that is like: `wallet red, size m`.

    What follows has to be values of attributes, names of these, and numbers. In Chinese, whose
    words are not told apart here, that would take 手机 for the thing in 手机防摔壳.
    """
    for end in range(len(head) - 1, 0, -1):
        said = head[end].text
        is_unit = head[end - 1].text[:1].isdigit() and unit_measure(said) is not None  # `1 kg`
        if is_cjk(said) or not (is_unit or _is_property(said, head[end + 1 :], lexicon)):
            break
        last = head[end - 1].text
        places, _ = _named(head[:end], lexicon)
        if not places:
            continue
        if f"{last} {said}" in lexicon.pairs:
            break  # titles have both as one name, perhaps of something else
        share = _NAMED_SHARE * _coverage(head[end - 1 : end], lexicon) / len(places)
        # Where few products with the name have a kind, all words of titles together say more.
        return dict.fromkeys(places, share) if share >= _LEAST_SHARE else {}
    return {}


def _is_property(word: str, following: Sequence[Unit], lexicon: Lexicon) -> bool:
    """Say whether a word is a value, a number, or the name of the attribute that follows."""
    if word[:1].isdigit() or _is_value(word, lexicon):
        return True
    if not following:
        return False
    value = following[0].text
    if value[:1].isdigit():
        return any(each.name == word for each in lexicon.measured)
    values = lexicon.values.get(singular(value), ())
    return any(attribute_key(each.attribute) == word for each in values)


def _is_value(word: str, lexicon: Lexicon) -> bool:
    """Say whether a good part of the products that mention a word have it as a value.

    Of the others it is mostly said as something else: a `bag` can be how things are packed.
    """
    values = lexicon.values.get(singular(word), ())
    most = max((each.count for each in values), default=0)
    return most > 0 and most >= _VALUE_SHARE * lexicon.words.get(word, 0)


def _by_words(found: tuple[Unit, ...], lexicon: Lexicon) -> Mapping[int, float]:
    """Naive Bayes over the words of titles, with a prior that grows with the kind's price."""
    words = [singular(each.text) for each in found]
    known = [lexicon.word_kinds[word] for word in words if word in lexicon.word_kinds]
    if len(known) < len(words) or not any(word.isalpha() for word in words):
        return {}
    candidates = set.intersection(*(set(kinds) for kinds in known)) - {NO_KIND}
    # What is a property of a kind is no name of it: `ssd` is not about notebooks.
    properties = {each.attribute for each in lexicon.values.get(" ".join(words), ())}
    in_cjk = any(is_cjk(word) for word in words)
    candidates = {
        place
        for place in candidates
        if properties.isdisjoint(lexicon.kinds[place].attributes)
        # Who types no Chinese does not read it either.
        and (in_cjk or not is_cjk(lexicon.kinds[place].name))
    }
    scores = {place: _log_score(place, known, lexicon) for place in candidates}
    if not scores:
        return {}
    best = max(scores.values())
    weights = {place: math.exp(score - best) for place, score in scores.items()}
    coverage = _coverage(found, lexicon) / sum(weights.values())
    return {place: weight * coverage for place, weight in weights.items()}


def _coverage(found: tuple[Unit, ...], lexicon: Lexicon) -> float:
    """Return the least share of products with a kind among those that have one of the words."""
    shares = []
    for unit in found:
        kinds = lexicon.word_kinds.get(singular(unit.text))
        if kinds:
            shares.append(1 - kinds.get(NO_KIND, 0) / sum(kinds.values()))
    return min(shares, default=1.0)


def _log_score(place: int, known: list[Mapping[int, int]], lexicon: Lexicon) -> float:
    kind = lexicon.kinds[place]
    prior = math.log(kind.count) + _PRICE_EXPONENT * math.log1p(kind.median_price or 0.0)
    return prior + sum(
        math.log((kinds.get(place, 0) + _SMOOTHING) / (kind.count + 2 * _SMOOTHING))
        for kinds in known
    )
