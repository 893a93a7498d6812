"""Other names of what a product is, from a thesaurus: `couch` of a sofa."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

import numpy as np
from numpy.typing import NDArray

from indexer.enrichment.kind_names import kind_names, kind_phrases
from indexer.enrichment.read_product import ReadProduct, has_digit
from indexer.enrichment.word_meanings import FoundMeaning, WordMeanings
from indexer.passage import passage_text
from search_core import THESAURUS, Product, Tag, TagKind, is_cjk, phrase_key
from search_core.settings import IndexerSettings

_VERSION = 1
"""Raised whenever the same products would get other tags."""
_LANGUAGE = "en"
_MOST_TAGS = 8
_VAGUE = 150
"""A wider word with more kinds below it (`garment`, `device`) tells products from hardly any."""
_SURE = 2.0
"""Standard deviations at which a meaning that stands out is as likely right as wrong."""
_WIDER_SHARE = 0.8
"""A wider word is a less exact name."""


class ThesaurusTags:
    """Generates other names, and the next wider word; see `TagGenerator`."""

    def __init__(self, meanings: WordMeanings, settings: IndexerSettings) -> None:
        """Take what finds the meaning of a product's name.

        Args:
            meanings: of English words, by the index's own encoder where that knows English, so
                that a product is encoded once for both.
            settings: make the passage that is encoded.
        """
        self._meanings = meanings
        self._settings = settings

    @property
    def identity(self) -> str:
        """Version, edition of the thesaurus, and model."""
        return f"{THESAURUS}-v{_VERSION}:{self._meanings.words.digest}:{self._meanings.model_id}"

    def generate(self, products: Sequence[Product]) -> list[tuple[Tag, ...]]:
        """Propose tags; see `TagGenerator.generate`.

        Raises:
            EncoderError: the model could not be run.
        """
        places = [place for place, product in enumerate(products) if _may_be_english(product)]
        tags: list[tuple[Tag, ...]] = [()] * len(products)
        if places:
            texts = [passage_text(products[place], self._settings) for place in places]
            for place, passage in zip(places, self._meanings.encoded(texts), strict=True):
                tags[place] = self._tags(products[place], passage)
        return tags

    def _tags(self, product: Product, passage: NDArray[np.float32]) -> tuple[Tag, ...]:
        spread = self._meanings.spread(passage)
        brand = {phrase_key(product.brand or "")}
        found: dict[int, FoundMeaning] = {}
        for phrase in kind_phrases(product):
            each = self._meant(phrase, passage, spread, brand)
            if each is not None:
                found.setdefault(each.meaning.place, each)
        proposed = [
            *(tag for each in found.values() for tag in self._synonyms(each)),
            *(tag for each in found.values() for tag in self._wider(each)),
        ]
        read = ReadProduct(product=product)
        # Before counting: what the product says itself takes no other name's place.
        return tuple(tag for tag in proposed if not read.says(tag.text))[:_MOST_TAGS]

    def _meant(
        self,
        phrase: str,
        passage: NDArray[np.float32],
        spread: tuple[float, float],
        passed_over: AbstractSet[str],
    ) -> FoundMeaning | None:
        for wordings in kind_names(phrase):
            if passed_over.isdisjoint(wordings):
                found = self._meanings.of_name(wordings, passage, spread)
                if found is not None:
                    return found
        return None

    def _synonyms(self, found: FoundMeaning) -> list[Tag]:
        confidence = found.deviation / (found.deviation + _SURE)
        return [
            _tag(word, TagKind.ALTERNATIVE_NAME, "same", confidence)
            for word in _usable(found.meaning.words)
        ]

    def _wider(self, found: FoundMeaning) -> list[Tag]:
        words = self._meanings.words
        confidence = _WIDER_SHARE * found.deviation / (found.deviation + _SURE)
        return [
            _tag(word, TagKind.PRODUCT_TYPE, "wider", confidence)
            for place in found.meaning.wider
            if words.meaning(place).is_goods and words.kinds_below(place) <= _VAGUE
            for word in _usable(words.meaning(place).words)
        ]


def _tag(word: str, kind: TagKind, relation: str, confidence: float) -> Tag:
    return Tag(
        text=word, kind=kind, source=f"{THESAURUS}:{relation}", confidence=round(confidence, 3)
    )


def _usable(words: Sequence[str]) -> list[str]:
    """Leave out names of people and places, signs and abbreviations."""
    return [word for word in words if word.islower() and not has_digit(word) and "." not in word]


def _may_be_english(product: Product) -> bool:
    return product.language in (None, _LANGUAGE) and not any(map(is_cjk, product.title[:5]))
