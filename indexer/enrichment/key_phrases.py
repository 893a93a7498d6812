"""Phrases of a description that few other products share."""

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from indexer.enrichment.function_words import FUNCTION_WORDS
from indexer.enrichment.read_product import ReadProduct
from search_core import Tag, TagKind, fold, is_cjk, singular

_SOURCE = "key_phrases:description"
_LONGEST_PHRASE = 3
_SHORTEST_WORD = 3
_CHINESE_PHRASE = (2, 6)
"""Characters between two punctuation marks or spaces: longer stretches are clauses."""
_LEAST_PRODUCTS = 2
"""A phrase that no other product has is one that nobody searches for, or a slip."""
_MOST_SHARE = 0.02
_MOST_PHRASES = 20_000
_MOST_TAGS = 3
_STRETCH = re.compile(r"[^\s,.;:!?()\[\]{}<>|/\\\"“”‘’–—、，。；：！？（）【】《》…·~]+")
_BREAK = re.compile(
    r"[,.;:!?()\[\]{}<>|/\\\"“”–—、，。；：！？（）【】《》…·~]\s|[，。；：！？（）【】《》…、]"
)


@dataclass(frozen=True, kw_only=True)
class PhraseModel:
    """In how many products of a sample the phrases of descriptions stand."""

    products: int
    counts: Mapping[str, int]
    """Phrase, folded → products; only those worth a tag."""

    def tags(self, read: ReadProduct) -> Iterator[Tag]:
        """Yield the rarest phrases of the description, at most three that do not overlap."""
        found = sorted(
            {phrase for phrase in _phrases(read.described) if phrase in self.counts},
            key=lambda phrase: (-self._weight(phrase), phrase),
        )
        chosen: list[str] = []
        for phrase in found:
            if len(chosen) == _MOST_TAGS:
                return
            if any(set(phrase.split()) & set(other.split()) for other in chosen):
                continue
            chosen.append(phrase)
            yield Tag(
                text=phrase,
                kind=TagKind.KEY_PHRASE,
                source=_SOURCE,
                confidence=round(self._rarity(phrase), 3),
            )

    def _weight(self, phrase: str) -> float:
        return self._rarity(phrase) * (1 + phrase.count(" "))

    def _rarity(self, phrase: str) -> float:
        """0 for a phrase of every product, 1 for one of a single product."""
        if self.products <= 1:
            return 0.0
        return math.log(self.products / self.counts[phrase]) / math.log(self.products)

    def as_record(self) -> dict[str, Any]:
        """Return a JSON form."""
        return {"products": self.products, "counts": dict(self.counts)}

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> "PhraseModel":
        """Read what `as_record` wrote."""
        return cls(products=record["products"], counts=record["counts"])


def learn_phrases(sample: Sequence[ReadProduct]) -> PhraseModel:
    """Count the phrases of descriptions."""
    counts: Counter[str] = Counter()
    for read in sample:
        counts.update(set(_phrases(read.described)))
    most = max(_LEAST_PRODUCTS, _MOST_SHARE * len(sample))
    kept = sorted(
        (item for item in counts.items() if _LEAST_PRODUCTS <= item[1] <= most),
        key=lambda item: (-item[1], item[0]),
    )
    return PhraseModel(products=len(sample), counts=dict(kept[:_MOST_PHRASES]))


def _phrases(text: str) -> Iterator[str]:
    for part in _BREAK.split(text):
        run: list[str] = []
        for stretch in _STRETCH.findall(part):
            if is_cjk(stretch):
                run = []
                if _CHINESE_PHRASE[0] <= len(stretch) <= _CHINESE_PHRASE[1]:
                    yield fold(stretch)
                continue
            word = singular(fold(stretch).strip("'’-"))
            if len(word) < _SHORTEST_WORD or not word[0].isalpha() or word in FUNCTION_WORDS:
                run = []
                continue
            run = (
                [*run[1 - _LONGEST_PHRASE :], word] if len(run) >= _LONGEST_PHRASE else [*run, word]
            )
            for length in range(2, len(run) + 1):
                yield " ".join(run[-length:])
