"""`without lace`, `not wireless`, 不要塑料: such products are moved down, their opposites up."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from query_understanding.known_catalogue import KnownCatalogue
from query_understanding.lexicon.lexicon import Lexicon
from query_understanding.lexicon.product_words import (
    Unit,
    is_cjk,
    phrase_of,
    singular,
    units,
    without,
)
from search_core import Boost, QueryPlan, TermFilter, TextFilter

_DOWN = -0.6
_UP = 0.8
"""More than it takes away: `no magnet` in a title mentions the magnet too."""
_FREE = " free"
_LONGEST = 3
"""Units of what is negated."""
_STEM = 5
"""Letters in common from which a word and an attribute's name mean the same: magnet, magnetic."""

_AUXILIARY = "".join(rf"(?<!{verb} )" for verb in ("do", "does", "did", "is", "are", "can", "will"))
"""`does not reach` denies the verb and names nothing that is unwanted."""
_ENGLISH = re.compile(
    rf"(?<![\w-]){_AUXILIARY}(?:without|w/o|(?:but )?not|no|excluding|except)"
    r"(?:\s+(?:a|an|any|the|with))?[\s-]+(?=[^\W\d_])",
    re.IGNORECASE,
)
# 无 alone is left: 无线 (wireless) and 无糖 (sugar-free) are what the catalogue itself says.
_CHINESE = re.compile(r"(?:不要带|不要有|不要|不带|不含|不是|没有|不想要|不用|除了)\s*(?=[^\W\d_])")
_CHINESE_END = re.compile(r"的|[\s,，。、;；]")
_NEXT = re.compile(r"\s*(?:,|and|or|nor|和|或|、)\s+(?:without\s+|no\s+|not\s+)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Negation:
    """Something that is not wanted, and where a text says so."""

    start: int
    end: int
    what: str


class NegationRewriter:
    """Takes what is not wanted out of the text and turns it into boosts."""

    name = "negation"

    def rewrite(self, plan: QueryPlan, catalogue: KnownCatalogue) -> QueryPlan:
        """Read negations; see `Rewriter`."""
        found = negations(plan.text, catalogue.lexicon)
        rest = without(plan.text, [(each.start, each.end) for each in found])
        if not found or not rest:
            return plan
        boosts = [boost for each in found for boost in _boosts(each.what, catalogue)]
        unwanted = ", ".join(repr(each.what) for each in found)
        return replace(plan, text=rest, boosts=(*plan.boosts, *boosts)).logged(
            self.name, f"products with {unwanted} are moved down"
        )


def negations(text: str, lexicon: Lexicon) -> tuple[Negation, ...]:
    """Return what is not wanted, the English negations before the Chinese ones.

    Args:
        text: normalised.
        lexicon: of the catalogue: what it names by several words is negated as a whole.
    """
    return (*_english(text, lexicon), *_chinese(text))


def _english(text: str, lexicon: Lexicon) -> Iterator[Negation]:
    end = 0
    for match in _ENGLISH.finditer(text):
        if match.start() < end or _is_known_phrase(text, match, lexicon):
            continue
        start, place = match.start(), match.end()
        while True:
            what = _phrase_at(text, place, lexicon)
            if what is None:
                break
            yield Negation(start=start, end=what.end, what=text[place : what.end])
            start = end = what.end
            following = _NEXT.match(text, end)
            if following is None:
                break
            place = following.end()


def _is_known_phrase(text: str, match: re.Match[str], lexicon: Lexicon) -> bool:
    """Say whether titles have the words side by side: `no frost`, `non stick`."""
    first = match[0].strip(" -").casefold()
    following = units(text[match.end() :])[:1]
    return bool(following) and f"{first} {following[0].text}" in lexicon.pairs


def _phrase_at(text: str, place: int, lexicon: Lexicon) -> Unit | None:
    """Return the longest known phrase at a place, or the one word there."""
    following = [replace(each, start=each.start + place, end=each.end + place)
                 for each in units(text[place:])[:_LONGEST]]  # fmt: skip
    if not following or following[0].start != place or is_cjk(following[0].text):
        return None
    for count in range(len(following), 1, -1):
        words = [each.text for each in following[:count]]
        key = phrase_of(words)
        if key in lexicon.values or key in lexicon.kind_places or key in lexicon.brands:
            return Unit(text=key, start=place, end=following[count - 1].end)
    return following[0]


def _chinese(text: str) -> Iterator[Negation]:
    found = list(_CHINESE.finditer(text))
    for place, match in enumerate(found):
        # 不含酒精不含香精: what is denied next is no part of it.
        following = found[place + 1].start() if place + 1 < len(found) else len(text)
        ending = _CHINESE_END.search(text, match.end(), following)
        what_end = ending.start() if ending else following
        # 的 belongs to what is taken out, and would be left over.
        end = ending.end() if ending else following
        what = text[match.end() : what_end]
        if what:
            yield Negation(start=match.start(), end=end, what=what)


def _boosts(what: str, catalogue: KnownCatalogue) -> Iterator[Boost]:
    yield Boost(filter=TextFilter(phrases=(what,)), weight=_DOWN, reason=f"has {what}")
    opposites = (
        (f"不含{what}", f"不带{what}", f"无{what}", f"非{what}")
        if is_cjk(what)
        else (f"no {what}", f"without {what}", f"{singular(what)} free", f"non {what}")
    )
    if not what.casefold().endswith(_FREE):  # nothing says that it is no `gluten free`
        yield Boost(filter=TextFilter(phrases=opposites), weight=_UP, reason=f"says without {what}")
    key = phrase_of([each.text for each in units(what)])
    for value in catalogue.lexicon.values.get(key, ())[:2]:
        unwanted = TermFilter(field=value.attribute, values=(value.value,))
        yield Boost(filter=unwanted, weight=_DOWN, reason=f"{value.attribute} is {value.value}")
    for phrase, attribute in _yes_no_attributes(key, catalogue):
        free = phrase.endswith(" free")
        yield Boost(
            filter=TermFilter(field=attribute, values=("true",)),
            weight=_UP if free else _DOWN,
            reason=attribute,
        )


def _yes_no_attributes(key: str, catalogue: KnownCatalogue) -> Iterator[tuple[str, str]]:
    """Yield yes-no attributes named after a word: `magnetic`, `grain free`."""
    for phrase, attribute in catalogue.yes_no_attributes:
        if phrase == key:
            continue  # found as a value already
        same_stem = len(key) >= _STEM and phrase[:_STEM] == key[:_STEM] and " " not in phrase
        if phrase == f"{key} free" or same_stem:
            yield phrase, attribute
