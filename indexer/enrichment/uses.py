"""Whom and what a product is for, from patterns of its description and from an age."""

import re
from collections.abc import Iterator
from functools import lru_cache

from indexer.enrichment.function_words import FUNCTION_WORDS
from indexer.enrichment.read_product import ReadProduct
from search_core import Attribute, Tag, TagKind

_MOST_TAGS = 4
_LONGEST = 3
_ENGLISH = re.compile(
    r"(?P<strong>(?i:ideal|perfect|great|good|suitable|made|designed|gift|present|recommended|meant)"
    r" (?:as a \w+ )?)?(?<!\w)[Ff]or (?:(?:the|a|an|your|all|any|every|use in|use at) )*"
    r"(?P<use>[a-z][a-z'’-]+(?:(?: and)? [a-z][a-z'’-]+){0,2})"
)
_CHINESE = (
    # 适合办公室使用, 适用于露营, 专为老人设计: what follows says whom or what it is for.
    re.compile(
        r"(?:适合|适用于|专为|适宜)(?P<use>[\u4e00-\u9fff]{2,6}?)(?=使用|设计|打造|的|用|和|、|，|。|$)"
    ),
    # 送女友, 送给长辈: gifts are searched by the person.
    re.compile(r"(?P<use>送给?[\u4e00-\u9fff]{2,4}?)(?=的|都|很|也|和|、|，|。|$)"),
    # 通勤必备, 露营专用.
    re.compile(r"(?P<use>[\u4e00-\u9fff]{2,4})(?=必备|专用|神器)"),
)
_AGES = re.compile(
    r"(?:^|_)(?:age|ages|age_from|from_age|minimum_age|recommended_age\w*)(?:_|$)|年龄"
)
_STRONG = 0.8
_WEAK = 0.25
"""A plain `for` is right about every other time: below the usual `least_confidence`."""
# Age from which → what shoppers call people of that age, by the language of the product.
_PEOPLE = (
    (0, 2, {"en": ("baby", "toddler"), "zh": ("婴儿", "宝宝")}),
    (3, 12, {"en": ("kids", "children"), "zh": ("儿童", "小孩")}),
    (13, 17, {"en": ("teenager",), "zh": ("青少年",)}),
)


def use_tags(read: ReadProduct) -> Iterator[Tag]:
    """Yield uses and audiences, those that a description names outright first."""
    found = [*_of_description(read.described), *_of_ages(read)]
    found.sort(key=lambda tag: -tag.confidence)
    yield from found[:_MOST_TAGS]


def _of_description(text: str) -> Iterator[Tag]:
    # Most descriptions recommend nothing: looking for the word costs less than the pattern.
    for match in _ENGLISH.finditer(text) if "or " in text else ():
        words = _named(match["use"])
        if words:
            yield _use(words, "uses:description", _STRONG if match["strong"] else _WEAK)
    for pattern in () if text.isascii() else _CHINESE:
        for match in pattern.finditer(text):
            yield _use(match["use"], "uses:description", _STRONG)


def _named(text: str) -> str:
    """Return the words up to the first that names nothing; empty when there are none."""
    words: list[str] = []
    for word in text.split()[:_LONGEST]:
        if word in FUNCTION_WORDS or (words and word.endswith("ing")):
            break
        words.append(word)
    return " ".join(words)


def _of_ages(read: ReadProduct) -> Iterator[Tag]:
    if not any(map(_is_age, read.keys)):
        return
    language = "zh" if read.product.language == "zh" else "en"
    for key, attribute in zip(read.keys, read.product.attributes, strict=True):
        if not _is_age(key):
            continue
        years = _years(attribute)
        for low, high, people in _PEOPLE:
            if years is not None and low <= years <= high:
                for name in people[language]:
                    yield _use(name, f"uses:{key}", _STRONG)


@lru_cache(10_000)
def _is_age(key: str) -> bool:
    return _AGES.search(key) is not None


def _years(attribute: Attribute) -> float | None:
    if isinstance(attribute.value, bool):
        return None
    if isinstance(attribute.value, str):
        found = re.match(r"\s*(\d{1,2})", attribute.value)
        in_months = "month" in attribute.value or "个月" in attribute.value
        return None if found is None else float(found[1]) / (12 if in_months else 1)
    months = attribute.unit is not None and attribute.unit.lower().startswith("month")
    return attribute.value / 12 if months else attribute.value


def _use(text: str, source: str, confidence: float) -> Tag:
    return Tag(text=text, kind=TagKind.USE, source=source, confidence=confidence)
