"""Learns the lexicon of a catalogue from its indexed products."""

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from statistics import median, quantiles
from typing import Any, TypeVar

from query_understanding.categories.category_learning import CategoryLearner
from query_understanding.categories.fitted_names import FittedNames
from query_understanding.foreign_words import ForeignWords
from query_understanding.lexicon.bounded_counter import BoundedCounter
from query_understanding.lexicon.companion_words import CompanionWords
from query_understanding.lexicon.lexicon import (
    NO_KIND,
    AttributeValue,
    Lexicon,
    NamedCount,
    ProductKind,
)
from query_understanding.lexicon.number_forms import NumberForms
from query_understanding.lexicon.product_words import cjk_pairs, phrase_key, singular, unit_texts
from query_understanding.lexicon.shared_texts import SharedTexts
from query_understanding.lexicon.written_out import WrittenOut
from query_understanding.quantities.measured_attributes import MeasuredAttributes
from query_understanding.spelling.joinable_words import JoinableWords
from search_core import quantities

_SHORT_TEXTS = ("title", "brand", "product_type", "category_text", "attributes_text")
_MOST_FORMS = 4
_MOST_VALUES = 50_000
_LONGEST_VALUE = 40
"""Characters: longer values are sentences, and nobody types them."""
_COMMON_ATTRIBUTE = 0.1
"""Share of a kind's products that have an attribute, from which it belongs to the kind."""
_MOST_KINDS_A_WORD = 50
_CATEGORY_SEPARATOR = " > "
_ENGLISH = "en"
_PRICES_KEPT = 100_000
"""Prices of a catalogue's first products: enough for its quartiles."""
_KIND_PRICES_KEPT = 1_000
"""Prices of a kind's first products: enough for its median."""
_MOST_WORDS = 150_000
"""Different words, pairs of characters or values counted at once. Beyond, the rarest are forgotten,
so that memory does not grow with the catalogue."""
_MOST_COMBINATIONS = 60_000
"""Different pairs of a title's word and a kind, of an attribute and a value, of a quantity and its
spelling counted at once: each takes three times the memory of a word."""


class LexiconLearner:
    """Counts, product by product."""

    def __init__(self) -> None:
        self._products = 0
        self._shared = SharedTexts()
        self._languages: Counter[str] = Counter()
        self._words: BoundedCounter[str] = BoundedCounter(_MOST_WORDS)
        self._brands: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._kinds: Counter[tuple[str, str]] = Counter()
        self._kind_objects: dict[tuple[str, str], tuple[str, str]] = {}
        self._kind_prices: defaultdict[tuple[str, str], array[float]] = defaultdict(_no_numbers)
        self._kind_attributes: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        self._word_kinds: BoundedCounter[tuple[str, tuple[str, str] | None]] = BoundedCounter(
            _MOST_COMBINATIONS
        )
        self._values: BoundedCounter[tuple[str, str]] = BoundedCounter(_MOST_COMBINATIONS)
        self._prices = _no_numbers()
        self._joinable = JoinableWords()
        self._companions = CompanionWords()
        self._measured = MeasuredAttributes()
        self._categories = CategoryLearner()
        self._foreign = ForeignWords()
        self._fitted = FittedNames()
        self._number_forms = NumberForms()
        self._written_out = WrittenOut()
        self._cjk_pairs: BoundedCounter[str] = BoundedCounter(_MOST_WORDS)
        self._quantities: BoundedCounter[tuple[str, str]] = BoundedCounter(_MOST_COMBINATIONS)

    def observe(self, document: Mapping[str, Any]) -> None:
        """Count one product.

        Args:
            document: its stored fields, as `search_engine` writes them.
        """
        self._products += 1
        self._languages.update(_texts(document.get("language")))
        # One object a word in all that is counted: else each pair would keep its own copies.
        title = [self._shared(each) for each in unit_texts(document.get("title") or "")]
        self._foreign.observe(title, _texts(document.get("language")), self._languages)
        self._joinable.observe(title)
        self._companions.observe(title)
        self._measured.observe(document.get("attributes") or [])
        self._fitted.observe(document.get("title") or "", title, document.get("attributes") or [])
        self._observe_forms(document, title)
        self._words.update({*title, *self._other_words(document)})
        self._observe_short_texts(document)
        for brand in _texts(document.get("brand")):
            self._brands[phrase_key(brand)][brand] += 1
        self._observe_kind(document, title)
        self._values.update(set(self._values_of(document)))

    def finish(self) -> Lexicon:
        """Return what was learned, once: what was counted is let go as it is used."""
        words = self._words.counts()
        kinds = [kind for kind, _ in self._kinds.most_common()]
        places: dict[tuple[str, str] | None, int] = {
            None: NO_KIND,
            **{kind: place for place, kind in enumerate(kinds)},
        }
        lexicon = Lexicon(
            products=self._products,
            language=next((code for code, _ in self._languages.most_common(1)), None),
            words=dict(words),
            brands={
                key: NamedCount(name=names.most_common(1)[0][0], count=names.total())
                for key, names in self._brands.items()
                if key
            },
            kinds=tuple(self._kind(kind) for kind in kinds),
            kind_places=_by_name(kinds),
            word_kinds={
                word: {places[kind]: n for kind, n in counts.most_common(_MOST_KINDS_A_WORD)}
                for word, counts in _grouped(self._word_kinds.taken()).items()
            },
            values=self._value_table(),
            joinables=self._joinable.found(words),
            pairs=self._joinable.frequent(),
            companions=self._companions.frequent(),
            fitted=self._fitted.found(),
            measured=self._measured.found(),
            quantities={
                key: dict(forms.most_common(_MOST_FORMS))
                for key, forms in _grouped(self._quantities.taken()).items()
            },
            cjk_pairs=dict(self._cjk_pairs.taken()),
            **self._price_bounds(),
        )
        foreign = self._foreign.found(lexicon.language, lexicon.word_kinds)
        lexicon = self._with_forms(replace(lexicon, foreign_words=foreign))
        return self._categories.finish(lexicon, places)

    def _observe_forms(self, document: Mapping[str, Any], title: list[str]) -> None:
        written = document.get("title") or ""
        others = [
            text
            for field in ("description", "attributes_text")
            for text in _texts(document.get(field))
        ]
        self._number_forms.observe(written, title)
        self._written_out.observe(written, others)

    def _with_forms(self, lexicon: Lexicon) -> Lexicon:
        titles = {word: sum(kinds.values()) for word, kinds in lexicon.word_kinds.items()}
        english = lexicon.language == _ENGLISH
        return replace(
            lexicon,
            number_forms=self._number_forms.found(titles, lexicon.brands) if english else {},
            written_out=self._written_out.found(lexicon.products, lexicon.words, lexicon.brands),
        )

    def _observe_short_texts(self, document: Mapping[str, Any]) -> None:
        """Count what descriptions would only blur."""
        texts = [text for field in _SHORT_TEXTS for text in _texts(document.get(field))]
        self._cjk_pairs.update({pair for text in texts for pair in cjk_pairs(text)})
        self._quantities.update(
            {(each.key, each.written) for text in texts for each in quantities(text)}
        )

    def _other_words(self, document: Mapping[str, Any]) -> Iterator[str]:
        # Tags are words of the shop too: spelling must not take them for slips.
        for field in (
            "brand", "product_type", "category_text", "description", "attributes_text", "tags_text",
            "thesaurus_text",
        ):  # fmt: skip
            for text in _texts(document.get(field)):
                yield from unit_texts(text)

    def _observe_kind(self, document: Mapping[str, Any], title: list[str]) -> None:
        price = document.get("price")
        if price is not None and len(self._prices) < _PRICES_KEPT:
            self._prices.append(price)
        kind = self._one_kind(_kind_of(document))
        self._word_kinds.update((word, kind) for word in {singular(each) for each in title})
        self._categories.observe(title, kind, tuple(_texts(document.get("category"))))
        if kind is None:
            return
        self._kinds[kind] += 1
        if price is not None and len(self._kind_prices[kind]) < _KIND_PRICES_KEPT:
            self._kind_prices[kind].append(price)
        self._kind_attributes[kind].update(
            {each["name"] for each in document.get("attributes") or ()}
        )

    def _one_kind(self, kind: tuple[str, str] | None) -> tuple[str, str] | None:
        """Return the one object of a kind: thousands of words and pairs are counted with it."""
        return None if kind is None else self._kind_objects.setdefault(kind, kind)

    def _kind(self, kind: tuple[str, str]) -> ProductKind:
        field, name = kind
        prices = self._kind_prices.get(kind)
        return ProductKind(
            name=name,
            field=field,
            count=self._kinds[kind],
            median_price=median(prices) if prices else None,
            attributes=tuple(
                name
                for name, count in self._kind_attributes[kind].most_common()
                if count >= _COMMON_ATTRIBUTE * self._kinds[kind]
            ),
        )

    def _values_of(self, document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        for attribute in document.get("attributes") or ():
            name, value = self._shared(attribute["name"]), attribute["value"]
            if isinstance(value, bool):
                if value:
                    yield name, "true"
            elif isinstance(value, str) and len(value) <= _LONGEST_VALUE and not _is_number(value):
                yield name, value

    def _value_table(self) -> dict[str, tuple[AttributeValue, ...]]:
        table: defaultdict[str, list[AttributeValue]] = defaultdict(list)
        for (attribute, value), count in self._values.taken().most_common(_MOST_VALUES):
            phrase = phrase_key(attribute if value == "true" else value)
            if phrase:
                table[phrase].append(AttributeValue(attribute=attribute, value=value, count=count))
        return {phrase: tuple(found) for phrase, found in table.items()}

    def _price_bounds(self) -> dict[str, Any]:
        if len(self._prices) < 4:
            return {}
        low, _, high = quantiles(self._prices, n=4)
        return {"cheap_price": low, "dear_price": high}


def learn_lexicon(documents: Iterable[Mapping[str, Any]]) -> Lexicon:
    """Learn from all products of a generation.

    Args:
        documents: their stored fields.
    """
    learner = LexiconLearner()
    for document in documents:
        learner.observe(document)
    return learner.finish()


def _no_numbers() -> "array[float]":
    return array("d")


_Group = TypeVar("_Group")
_Member = TypeVar("_Member")


def _grouped(counts: Counter[tuple[_Group, _Member]]) -> dict[_Group, Counter[_Member]]:
    groups: defaultdict[_Group, Counter[_Member]] = defaultdict(Counter)
    for (group, member), count in counts.items():
        groups[group][member] = count
    return groups


def _texts(value: object) -> list[str]:
    if value is None:
        return []
    return [str(each) for each in value] if isinstance(value, list) else [str(value)]


def _kind_of(document: Mapping[str, Any]) -> tuple[str, str] | None:
    for product_type in _texts(document.get("product_type")):
        if any(character.isalpha() for character in product_type):
            return "product_type", product_type
    prefixes = _texts(document.get("category"))
    return ("category", prefixes[-1]) if prefixes else None


def _is_number(text: str) -> bool:
    return not any(character.isalpha() for character in text)


def _by_name(kinds: list[tuple[str, str]]) -> dict[str, tuple[int, ...]]:
    named: defaultdict[str, list[int]] = defaultdict(list)
    for place, (field, name) in enumerate(kinds):
        shown = name.rsplit(_CATEGORY_SEPARATOR, 1)[-1] if field == "category" else name
        named[phrase_key(shown)].append(place)
    return {name: tuple(places) for name, places in named.items() if name}
