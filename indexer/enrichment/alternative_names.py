"""Other names of a product that its own texts or the catalogue show."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

from indexer.enrichment.function_words import FUNCTION_WORDS
from indexer.enrichment.read_product import ReadProduct, has_digit
from search_core import Tag, TagKind, fold, is_cjk, quantities, unit_texts

_LEAST_PRODUCTS = 2
"""One product may be wrong about a name; two that agree seldom are."""
_SHORTEST_PART = 3
_LONGEST_NAME = 8
_LONGEST_CHINESE_NAME = 12
_MOST_PAIRS = 5_000
_ACRONYM = re.compile(r"((?:[A-Za-z][\w'’]*[ -]){1,6}[A-Za-z][\w'’]*) \(([A-Z][A-Z0-9]{1,5})s?\)")
_CALLED = (
    re.compile(
        r"(?:also (?:known|called|sold|referred to)(?: as)?|a\.?k\.?a\.?|otherwise known as) "
        r"(?:the |an? )?[\"“']?(?P<name>\w[\w'’-]*(?: \w[\w'’-]*){0,3})",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?:又称|又名|俗称|也叫|也称|亦称|亦名|别名|俗名)(?:为|作)?[:：]?[「“\"《]?"
        r"(?P<name>[\w\u4e00-\u9fff]{2,10})"
    ),
)
_MARKS = ("lso ", "therwise ", "k.a", "aka", "AKA", "K.A", "称", "名", "也叫")
"""One of them is in every text that `_CALLED` matches; most texts have none."""
_CHINESE = r"[\u3400-\u9fff]{2,8}"
_LATIN = r"[A-Za-z][A-Za-z&'’-]+(?: [A-Za-z][A-Za-z&'’-]+){0,2}"
_SCRIPTS = re.compile(
    rf"(?P<chinese>{_CHINESE})[ /（(]{{0,2}}(?P<latin>{_LATIN})"
    rf"|(?P<latin2>{_LATIN})[ /（(]{{0,2}}(?P<chinese2>{_CHINESE})"
)
_SCRIPT = re.compile(rf"{_CHINESE}|{_LATIN}")
_TOGETHER = 0.5
"""Two names of one thing stand together in at least so many of the titles that have either."""
_OPEN_BRACKET = re.compile(r"[(\[{（【][^)\]}）】]*$")
"""A bracket that the end of a name cuts open, with what is in it: `Toner (black`."""
_SENTENCE = re.compile(r"[.!?。！？]")


@dataclass(frozen=True, kw_only=True)
class NameModel:
    """Names that mean the same in a catalogue."""

    names: Mapping[str, tuple[str, ...]]
    """Units of a name, joined by spaces → the other names."""
    longest: int
    """Units of the longest name."""

    def tags(self, read: ReadProduct) -> Iterator[Tag]:
        """Yield other names, those that the product's own texts say first."""
        yield from _called(read.described)
        yield from _named_by_description(read)
        found: dict[str, None] = {}
        for text in (read.product.title, read.product.product_type or "", read.product.brand or ""):
            units = unit_texts(text)
            for start, unit in enumerate(units):
                if unit not in self._first_units:
                    continue
                for length in range(1, self.longest + 1):
                    for name in self.names.get(" ".join(units[start : start + length]), ()):
                        found[name] = None
        for name in found:
            yield _name(name, "names:catalogue", 0.7)

    @cached_property
    def _first_units(self) -> frozenset[str]:
        return frozenset(name.partition(" ")[0] for name in self.names)

    def as_record(self) -> dict[str, Any]:
        """Return a JSON form."""
        return {"names": {name: list(others) for name, others in self.names.items()}}

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> "NameModel":
        """Read what `as_record` wrote."""
        return cls.of({name: tuple(others) for name, others in record["names"].items()})

    @classmethod
    def of(cls, names: Mapping[str, tuple[str, ...]]) -> "NameModel":
        """Return the model of such names."""
        return cls(names=names, longest=max((1 + name.count(" ") for name in names), default=0))


def learn_names(sample: Sequence[ReadProduct]) -> NameModel:
    """Learn acronyms, joined and split words, and names in two scripts."""
    pairs: Counter[tuple[str, str]] = Counter()
    for read in sample:
        title = f"{read.product.title} | {read.product.product_type or ''}"
        pairs.update(set(_acronyms(f"{title} | {read.described}")))
    pairs.update(_joined(sample))
    pairs.update(_in_two_scripts(sample))
    names: defaultdict[str, dict[str, None]] = defaultdict(dict)
    agreed = (pair for pair in sorted(pairs.items(), key=lambda p: (-p[1], p[0])))
    for (one, other), count in list(agreed)[:_MOST_PAIRS]:
        if count >= _LEAST_PRODUCTS:
            names[_key(one)][other] = None
            names[_key(other)][one] = None
    return NameModel.of({name: tuple(others) for name, others in names.items()})


def _called(text: str) -> Iterator[Tag]:
    if not any(mark in text for mark in _MARKS):
        return
    for pattern in _CALLED:
        for match in pattern.finditer(text):
            yield _name(match["name"], "names:description", 0.9)


def _named_by_description(read: ReadProduct) -> Iterator[Tag]:
    """Yield a description that is no sentence: exports put a second name there."""
    text = read.product.description.strip()
    name = _OPEN_BRACKET.sub("", re.split(r"[,;|，；]", text)[0]).strip()
    if _SENTENCE.search(text.rstrip(".")) or text.endswith((".", "!", "。", "！")):
        return
    longest = _LONGEST_CHINESE_NAME if is_cjk(name) else 80
    words = name.split()
    if 1 <= len(words) <= _LONGEST_NAME and len(name) <= longest and any(map(_is_naming, words)):
        yield _name(name, "names:description", 0.6)


def _is_naming(word: str) -> bool:
    return word.isalpha() and (len(word) >= _SHORTEST_PART or is_cjk(word))


def _acronyms(text: str) -> Iterator[tuple[str, str]]:
    for match in _ACRONYM.finditer(text) if "(" in text else ():
        words = re.split(r"[ -]", match[1])[-len(match[2]) :]
        initials = "".join(word[0] for word in words).upper()
        if len(words) == len(match[2]) and initials == match[2]:
            yield fold(" ".join(words)), match[2]


def _in_two_scripts(sample: Sequence[ReadProduct]) -> Counter[tuple[str, str]]:
    """Count Chinese and Latin names that stand side by side, and seldom without each other."""
    pairs: Counter[tuple[str, str]] = Counter()
    alone: Counter[str] = Counter()
    for read in sample:
        product = read.product
        text = f"{product.brand or ''} | {product.title} | {product.product_type or ''}"
        alone.update(set(_SCRIPT.findall(text)))
        pairs.update({pair for pair in _side_by_side(text) if _is_name(pair[1])})
    return Counter(
        {
            pair: count
            for pair, count in pairs.items()
            if count >= _TOGETHER * max(alone[pair[0]], alone[pair[1]])
        }
    )


def _side_by_side(text: str) -> Iterator[tuple[str, str]]:
    for match in _SCRIPTS.finditer(text):
        yield match["chinese"] or match["chinese2"], match["latin"] or match["latin2"]


def _is_name(latin: str) -> bool:
    """Tell a name from a unit (`5kg`) and from a standard that Chinese names take over (`USB`)."""
    is_unit = any(True for _ in quantities(f"1 {latin}"))
    return len(latin) >= _SHORTEST_PART and not latin.isupper() and not is_unit


def _joined(sample: Sequence[ReadProduct]) -> Counter[tuple[str, str]]:
    """Count pairs of words that other titles join: `head set`, `headset`."""
    words: Counter[str] = Counter()
    side_by_side: Counter[tuple[str, str]] = Counter()
    for read in sample:
        title = unit_texts(read.product.title)
        words.update(set(title))
        side_by_side.update({pair for pair in pairwise(title) if all(map(_is_part, pair))})
    return Counter(
        {
            (f"{one} {other}", f"{one}{other}"): count
            for (one, other), count in side_by_side.items()
            if words[f"{one}{other}"] >= _LEAST_PRODUCTS
        }
    )


def _is_part(word: str) -> bool:
    return (
        len(word) >= _SHORTEST_PART
        and word.isalpha()
        and not is_cjk(word)
        and not has_digit(word)
        and word not in FUNCTION_WORDS
    )


def _key(name: str) -> str:
    return " ".join(unit_texts(name))


def _name(text: str, source: str, confidence: float) -> Tag:
    return Tag(text=text, kind=TagKind.ALTERNATIVE_NAME, source=source, confidence=confidence)
