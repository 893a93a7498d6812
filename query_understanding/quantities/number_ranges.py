"""Ranges of weights, sizes, counts become filters, where one attribute is clearly meant."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from itertools import chain
from typing import Any

from query_understanding.categories.product_kinds import kind_shares
from query_understanding.known_catalogue import KnownCatalogue
from query_understanding.lexicon.lexicon import Lexicon, MeasuredAttribute
from query_understanding.lexicon.product_words import is_cjk, singular, unit_texts, without
from query_understanding.quantities.counted_things import CountedThings, counted_things
from query_understanding.quantities.measured_attributes import name_words
from query_understanding.quantities.price_rewriter import LEFT_OVER
from query_understanding.quantities.range_expressions import RangeExpression, range_expressions
from query_understanding.quantities.range_names import RangeNames, with_its_name
from search_core import Boost, InferredFilter, QueryPlan, RangeFilter, attribute_key

_FILTER_TURNED_BOOST = 0.7
"""As for prices: enough to pass what lies outside, too little to lift what is hardly about the
words."""
_COUNT_WEIGHT = 0.3
_LIKELY_KIND = 0.15
_CLEARLY = 3.0
"""An attribute that nothing names has to be this many times as frequent as the next."""
_NEAR = 25
"""Characters around a range in which a word may say which attribute it is of."""
_SAYS: Mapping[str, tuple[str, ...]] = {
    "weight": ("heavy", "heavier", "light", "lighter", "weighs", "weighing", "weigh"),
    "height": ("high", "higher", "tall", "taller"),
    "width": ("wide", "wider", "narrow", "narrower"),
    "depth": ("deep", "deeper"),
    "length": ("long", "longer", "short", "shorter"),
    "thickness": ("thick", "thicker", "thin", "thinner"),
    "display": ("screen", "diagonal"),
    "size": ("big", "bigger", "large", "larger", "small", "smaller"),
    "重": ("重量", "轻", "重"),
    "高": ("高度", "高"),
    "宽": ("宽度", "宽"),
    "长": ("长度", "长", "短"),
}
"""Words of attributes' names → words by which shoppers mean them."""
_MASS = "mass"
_WEIGHTS = frozenset({"weight", "weighing", "weighs", "重量"})
"""Words that go with any range of masses."""


class NumberRangeRewriter:
    """`under 2 kg`, `at least 16 GB RAM`, `55 inch or bigger`, `at least 8 ports`, 2公斤以下."""

    name = "number_ranges"

    def rewrite(self, plan: QueryPlan, catalogue: KnownCatalogue) -> QueryPlan:
        """Take ranges out of the text where an attribute is meant; see `Rewriter`."""
        lexicon = catalogue.lexicon
        if not lexicon.measured:
            return plan
        for things in reversed(counted_things(plan.text, catalogue.counted_names)):
            plan = _counted(plan, things)
        found = range_expressions(plan.text)
        for expression in reversed(found):
            attributes = _meant(plan.text, expression, lexicon)
            span = (expression.start, expression.end)
            named = with_its_name(
                plan.text, span, _names_of(attributes), lambda word: catalogue.kind_share(word) > 0
            )
            rest = _rest(plan.text, named) or _rest(plan.text, span)
            if attributes and rest:
                plan = _filtered(plan, expression, attributes, _in_several_units(lexicon), rest)
        return plan


def _rest(text: str, span: tuple[int, int]) -> str:
    return LEFT_OVER.sub("", without(text, [span]))


def _names_of(attributes: Sequence[MeasuredAttribute]) -> RangeNames:
    """Return the words that go with a range of some attributes."""
    names = [name_words(each.name) for each in attributes]
    heads = {name[-1] for name in names if name}
    if attributes and attributes[0].dimension == _MASS:
        heads |= _WEIGHTS
    return RangeNames(heads=frozenset(heads), parts=frozenset(chain(*names)))


def _filtered(
    plan: QueryPlan,
    expression: RangeExpression,
    attributes: Sequence[MeasuredAttribute],
    in_several_units: AbstractSet[str],
    rest: str,
) -> QueryPlan:
    said = plan.text[expression.start : expression.end].strip()
    first, *others = (
        _range(expression, each, keeps_to_its_values=each.name in in_several_units)
        for each in attributes
    )
    inferred = InferredFilter(
        filter=replace(first, also=tuple(others)), weight=_FILTER_TURNED_BOOST, reason=said
    )
    plan = replace(plan, text=rest, inferred_filters=(*plan.inferred_filters, inferred))
    return plan.logged("number_ranges", f"read {said!r} as a range of {first.field}")


def _counted(plan: QueryPlan, things: CountedThings) -> QueryPlan:
    """Filter by a count with a bound; prefer one without: `4 ports` is also part of a name."""
    said = plan.text[things.start : things.end].strip()
    name = things.attribute.name
    rest = LEFT_OVER.sub("", without(plan.text, [(things.start, things.end)]))
    counted = RangeFilter(
        field=name,
        greater_than=things.greater_than,
        at_least=things.at_least,
        less_than=things.less_than,
        at_most=things.at_most,
    )
    if not _can_be(things, things.attribute) or (things.is_bounded and not rest):
        return plan
    if not things.is_bounded:
        boost = Boost(filter=counted, weight=_COUNT_WEIGHT, reason=said)
        return replace(plan, boosts=(*plan.boosts, boost)).logged(
            "number_ranges", f"{said!r} prefers products of which {name} says so"
        )
    inferred = InferredFilter(filter=counted, weight=_FILTER_TURNED_BOOST, reason=said)
    plan = replace(plan, text=rest, inferred_filters=(*plan.inferred_filters, inferred))
    return plan.logged("number_ranges", f"read {said!r} as a range of {name}")


def _range(
    expression: RangeExpression,
    attribute: MeasuredAttribute,
    *,
    keeps_to_its_values: bool,
) -> RangeFilter:
    """Return the range in the attribute's unit, a little wider where that is no round number."""
    bounds: dict[str, Any] = {
        name: _rounded(amount, attribute.factor, outward)
        for name, amount, outward in (
            ("greater_than", expression.greater_than, min),
            ("at_least", expression.at_least, min),
            ("less_than", expression.less_than, max),
            ("at_most", expression.at_most, max),
        )
        if amount is not None
    }
    if keeps_to_its_values:
        # 200 g of one product must not pass as 200 kg of another: each unit keeps to its values.
        if bounds.keys().isdisjoint({"greater_than", "at_least"}):
            bounds["at_least"] = attribute.low
        if bounds.keys().isdisjoint({"less_than", "at_most"}):
            bounds["at_most"] = attribute.high
    return RangeFilter(field=attribute.name, **bounds)


def _in_several_units(lexicon: Lexicon) -> AbstractSet[str]:
    """Return the attributes that the catalogue measures in more than one unit, or counts too."""
    names = Counter(each.name for each in lexicon.measured)
    return {name for name, count in names.items() if count > 1}


def _rounded(amount: float, factor: float, outward: Callable[[float, float], float]) -> float:
    exact = float(f"{amount / factor:.6g}")
    return outward(exact, float(f"{exact:.3g}"))


def _can_be(expression: RangeExpression | CountedThings, attribute: MeasuredAttribute) -> bool:
    """Say whether a value that products have may lie in the range: no memory has 2 TB."""
    low, high = attribute.low * attribute.factor, attribute.high * attribute.factor
    return (
        (expression.at_least is None or high >= expression.at_least)
        and (expression.greater_than is None or high > expression.greater_than)
        and (expression.at_most is None or low <= expression.at_most)
        and (expression.less_than is None or low < expression.less_than)
    )


def _told_apart(found: Sequence[MeasuredAttribute]) -> list[MeasuredAttribute]:
    """Leave out a rarer unit of an attribute where its values overlap with a more frequent one's.

    The index holds numbers without units, so there 150 may be grams or kilograms.
    """
    kept: list[MeasuredAttribute] = []
    for each in found:
        if all(
            other.name != each.name or other.high < each.low or each.high < other.low
            for other in kept
        ):
            kept.append(each)
    return kept


def _meant(
    text: str, expression: RangeExpression, lexicon: Lexicon
) -> tuple[MeasuredAttribute, ...]:
    """Return the attribute that a range is of, in each unit that the catalogue has it in."""
    fitting = [
        each
        for each in lexicon.measured
        if each.dimension == expression.quantity.dimension
        and is_cjk(each.name) <= is_cjk(text)  # who types no Chinese does not read it either
        and _can_be(expression, each)
    ]
    groups: defaultdict[tuple[str, ...], list[MeasuredAttribute]] = defaultdict(list)
    for each in fitting:
        groups[name_words(each.name)].append(each)
    named = _named(text, expression, groups)
    chosen = named or _of_kind(text, expression, groups, lexicon)
    return tuple(_told_apart(groups[chosen])) if chosen else ()


_Groups = Mapping[tuple[str, ...], Sequence[MeasuredAttribute]]


def _named(text: str, expression: RangeExpression, groups: _Groups) -> tuple[str, ...] | None:
    """Return the attribute of which a word stands beside the range: `16 GB ram`, `5 cm wide`."""
    near = text[max(0, expression.start - _NEAR) : expression.end + _NEAR].casefold()
    words = {singular(each) for each in unit_texts(near)}
    scored = sorted(
        ((_mentions(name, words, near), -len(name), _count(each), name) for name, each in
         groups.items()),
        reverse=True,
    )  # fmt: skip
    if not scored or not scored[0][0]:
        return None
    return scored[0][3]


def _mentions(name: Sequence[str], words: set[str], near: str) -> int:
    """Count the words of an attribute's name that are said, in itself or by another word."""
    return sum(
        singular(part) in words
        or (is_cjk(part) and part in near)
        or any(
            key in part and any(word in words or (is_cjk(word) and word in near) for word in said)
            for key, said in _SAYS.items()
        )
        for part in name
    )


def _of_kind(
    text: str, expression: RangeExpression, groups: _Groups, lexicon: Lexicon
) -> tuple[str, ...] | None:
    """Return the attribute that most products of the likely kinds have, if that is clear."""
    rest = without(text, [(expression.start, expression.end)])
    shares = kind_shares(rest, lexicon)
    likely = {
        attribute_key(attribute)
        for place, share in shares.items()
        if share >= _LIKELY_KIND
        for attribute in lexicon.kinds[place].attributes
    }
    own = {
        name: [each for each in found if not shares or each.name in likely]
        for name, found in groups.items()
    }
    counted = sorted(((_count(found), name) for name, found in own.items() if found), reverse=True)
    if not counted:
        return None
    if len(counted) > 1 and counted[0][0] < _CLEARLY * counted[1][0]:
        return None
    return counted[0][1]


def _count(found: Sequence[MeasuredAttribute]) -> int:
    return sum(each.count for each in found)
