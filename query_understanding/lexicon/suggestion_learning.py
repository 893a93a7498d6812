"""Learns from a catalogue, and from what shoppers searched for, what to suggest as they type."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from pypinyin import Style, lazy_pinyin

from query_understanding.lexicon.bounded_counter import BoundedCounter
from query_understanding.lexicon.shared_texts import SharedTexts
from search_core import is_cjk, suggestion_key
from search_engine import PopularQuery, Suggestion, SuggestionInput, SuggestionKind

_MOST_COUNTED = 100_000
"""Different phrases or pairs counted at once; the rarest are forgotten beyond."""
_LEAD_WORDS = (2, 3, 4)
_TAIL_CHARACTERS = (2, 3, 4, 5, 6)
_SAID_BY_LONGER = 0.8
"""Share of a phrase's products that a longer phrase has, from which the shorter one is left out:
`apple ipod` says nothing that `apple ipod touch` does not, where nearly all go on so."""
_LONGEST_TEXT = 60
_FEWEST_INNER = 5
"""Products that words inside of titles need: they are less often what somebody searches for."""
_SHORTEST_WORD = 3
_WORD_STARTS = 4
"""Words of a suggestion that it can be found by the beginning of."""
_LATER_WORD = 0.5
_BY_SOUND = 0.25
"""Of the weight, for what is typed in pinyin: whoever types Latin letters may mean English."""
_SHORTEST_SOUND = 2
_CATEGORY_SEPARATOR = " > "
_CJK_TAIL = re.compile(r"[\u3400-\u9fff]{2,}$")
_MASKED = re.compile(r"\[(?:email|phone|card|iban|id|address)\]")
# Phrases that end so are cut in the middle.
_OPEN_ENDS = frozenset(
    {"a", "an", "and", "by", "das", "de", "der", "die", "en", "et", "for", "für", "from", "in"}
    | {"la", "le", "les", "mit", "of", "on", "or", "para", "pour", "the", "to", "und", "von"}
    | {"with", "y"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestionLimits:
    """How much is suggested."""

    least_products: int
    most_entries: int
    most_queries: int


@dataclass(slots=True)
class _Entry:
    text: str
    kind: SuggestionKind
    products: int = 0
    shoppers: int = 0


class SuggestionLearner:
    """Counts, product by product."""

    def __init__(self, limits: SuggestionLimits) -> None:
        self._limits = limits
        self._shared = SharedTexts()
        self._types: BoundedCounter[str] = BoundedCounter(_MOST_COUNTED)
        self._brands: BoundedCounter[str] = BoundedCounter(_MOST_COUNTED)
        self._pairs: BoundedCounter[tuple[str, str]] = BoundedCounter(_MOST_COUNTED)
        self._leads: BoundedCounter[str] = BoundedCounter(_MOST_COUNTED)
        self._inner: BoundedCounter[str] = BoundedCounter(_MOST_COUNTED)
        self._tails: BoundedCounter[str] = BoundedCounter(_MOST_COUNTED)

    def observe(self, document: Mapping[str, Any]) -> None:
        """Count one product.

        Args:
            document: its stored fields, as `search_engine` writes them.
        """
        # One object a name: else each pair would keep its own copies.
        shared = self._shared
        kind, brand = shared(_kind_of(document)), shared(_text(document.get("brand")))
        if kind:
            self._types.update((kind,))
        if brand:
            self._brands.update((brand,))
        if kind and brand and suggestion_key(brand) not in suggestion_key(kind):
            self._pairs.update(((brand, kind),))
        title = _text(document.get("title"))
        tail = _CJK_TAIL.search(title)
        if tail is not None:
            self._tails.update({tail[0][-length:] for length in _TAIL_CHARACTERS})
        elif title:
            words = title.split()
            self._leads.update({" ".join(words[:n]) for n in _LEAD_WORDS if len(words) > n})
            self._inner.update(set(_plain_phrases(words)))

    def finish(self, popular: Iterable[PopularQuery]) -> Iterator[Suggestion]:
        """Yield what was learned, most products first, each text once.

        Args:
            popular: what enough shoppers searched for.
        """
        entries: dict[str, _Entry] = {}
        for text, kind, count in self._counted():
            key = suggestion_key(text).strip()
            if key and len(text) <= _LONGEST_TEXT:
                entry = entries.setdefault(key, _Entry(text=text, kind=kind))
                entry.products = max(entry.products, count)
        kept = sorted(entries.items(), key=lambda item: (-item[1].products, item[0]))
        entries = dict(kept[: self._limits.most_entries])
        for key, query in self._most_popular(popular):
            entry = entries.setdefault(key, _Entry(text=query.text, kind=SuggestionKind.QUERY))
            entry.shoppers = query.shoppers
        for key, entry in entries.items():
            yield Suggestion(
                text=entry.text,
                kind=entry.kind,
                products=entry.products,
                shoppers=entry.shoppers,
                inputs=_inputs(key, entry),
            )

    def _counted(self) -> Iterator[tuple[str, SuggestionKind, int]]:
        least = self._limits.least_products
        for text, count in self._types.counts().items():
            yield text, SuggestionKind.TYPE, count
        for text, count in self._brands.counts().items():
            yield text, SuggestionKind.BRAND, count
        for (brand, kind), count in self._pairs.counts().items():
            if count >= least:
                yield f"{brand} {kind}", SuggestionKind.BRAND_TYPE, count
        for text, count in _telling(self._leads.counts(), least, separator=" "):
            if suggestion_key(text).split()[-1:] and _ends_well(text):
                yield text, SuggestionKind.PHRASE, count
        for text, count in self._inner.counts().items():
            if count >= max(least, _FEWEST_INNER):
                yield text, SuggestionKind.PHRASE, count
        for text, count in _telling(self._tails.counts(), least, separator=""):
            yield text, SuggestionKind.PHRASE, count

    def _most_popular(self, popular: Iterable[PopularQuery]) -> list[tuple[str, PopularQuery]]:
        """Return queries by key; of spellings that differ in case or signs, the most frequent."""
        best: dict[str, PopularQuery] = {}
        for query in popular:
            text = " ".join(query.text.split())
            key = suggestion_key(text).strip()
            if not key or len(text) > _LONGEST_TEXT or _MASKED.search(text):
                continue
            if key not in best or query.shoppers > best[key].shoppers:
                best[key] = PopularQuery(text, query.shoppers)
        ordered = sorted(best.items(), key=lambda item: (-item[1].shoppers, item[0]))
        return ordered[: self._limits.most_queries]


def _telling(counts: Counter[str], least: int, *, separator: str) -> Iterator[tuple[str, int]]:
    """Yield frequent phrases that no longer one says as well.

    Args:
        counts: phrase → products.
        least: products that a phrase needs.
        separator: between words that phrases begin with; empty: characters that they end with.
    """
    longest: defaultdict[str, int] = defaultdict(int)
    for phrase, count in counts.items():
        shorter = phrase.rpartition(separator)[0] if separator else phrase[1:]
        longest[shorter] = max(longest[shorter], count)
    for phrase, count in counts.items():
        if count >= least and longest[phrase] < _SAID_BY_LONGER * count:
            yield phrase, count


def _plain_phrases(words: list[str]) -> Iterator[str]:
    """Yield words of a title, and two side by side, without numbers and codes."""
    plain = [word if _is_plain(word) else None for word in words]
    yield from (word for word in plain if word is not None)
    for first, second in pairwise(plain):
        if first is not None and second is not None:
            yield f"{first} {second}"


def _is_plain(word: str) -> bool:
    letters = word.replace("-", "")
    return (
        len(letters) >= _SHORTEST_WORD and letters.isalpha() and word.casefold() not in _OPEN_ENDS
    )


def _ends_well(phrase: str) -> bool:
    last = phrase.rsplit(maxsplit=1)[-1]
    return last[-1].isalnum() and last.casefold() not in _OPEN_ENDS


def _inputs(key: str, entry: _Entry) -> tuple[SuggestionInput, ...]:
    """Return the ways to begin an entry: at each word, and in Chinese by its sound too."""
    weight = _weight(entry.products, entry.shoppers)
    words = key.split(" ")
    inputs = {key: weight}
    for start in range(1, min(len(words), _WORD_STARTS)):
        inputs.setdefault(" ".join(words[start:]), round(weight * _LATER_WORD))
    if is_cjk(key):
        for sound in _sounds(key):
            inputs.setdefault(sound, round(weight * _BY_SOUND))
    return tuple(SuggestionInput(key=each, weight=w) for each, w in inputs.items())


def _weight(products: int, shoppers: int) -> int:
    """Return how high an entry stands: what shoppers type counts twice what the shop has.

    Logarithms, since both are distributed by powers: a hundred products more mean much to a type of
    ten, and nothing to one of ten thousand.
    """
    return round(1000 * (math.log2(1 + products) + 2 * math.log2(1 + shoppers)))


def _sounds(text: str) -> Iterator[str]:
    """Yield the pinyin of a text, and its initials, as a pinyin keyboard takes both."""
    for style in (Style.NORMAL, Style.FIRST_LETTER):
        sound = "".join(lazy_pinyin(text.replace(" ", ""), style=style))
        if len(sound) >= _SHORTEST_SOUND and sound.isascii():
            yield sound


def _kind_of(document: Mapping[str, Any]) -> str:
    kind = _text(document.get("product_type"))
    if any(each.isalpha() for each in kind):
        return kind
    path = document.get("category") or ()
    narrowest = path[-1] if isinstance(path, list) and path else ""
    return str(narrowest).rpartition(_CATEGORY_SEPARATOR)[2]


def _text(value: object) -> str:
    if isinstance(value, list):
        value = value[0] if value else ""
    return "" if value is None else " ".join(str(value).split())
