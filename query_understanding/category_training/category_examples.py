"""Queries whose category is known: titles cut to query length, and judged or clicked queries."""

import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from query_understanding.categories.category_learning import short_form
from query_understanding.categories.transformer_categories import Kind
from query_understanding.lexicon.product_words import is_cjk, unit_texts

FOLDS = 5
_CUTS = 4
"""Queries that one title gives: one of its first words, which name it, the others from anywhere."""
_FIRST_WORDS = 4
_SLIP_SHARE = 0.1
"""Of the words that are mistyped, as shoppers do; never in held-out examples."""
_SHORTEST_SLIP = 5
_NAME_TIMES = 3
"""The name of a kind counts as so many queries: shoppers type it more often than titles have it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryExample:
    """A query and what it is about."""

    text: str
    kinds: tuple[Kind | None, ...]
    """Usually one; a judged query may be about several. `None`: the catalogue does not say."""
    fold: int
    """0 to `FOLDS` - 1; all queries of one product, or of one text, are in one fold."""
    graded: bool = False
    """Whether shoppers typed it, and products were graded for it."""


def kind_of(document: Mapping[str, Any]) -> Kind | None:
    """Return a product's type, else its narrowest category, as the lexicon has them."""
    for product_type in _listed(document.get("product_type")):
        if any(character.isalpha() for character in product_type):
            return ("product_type", product_type)
    categories = _listed(document.get("category"))
    return ("category", categories[-1]) if categories else None


def fold_of(key: str) -> int:
    """Return the same fold at every run, whatever Python's hash seed."""
    return zlib.crc32(key.encode()) % FOLDS


def title_examples(
    documents: Iterable[Mapping[str, Any]], *, seed: int, slips: bool = True
) -> list[CategoryExample]:
    """Return titles cut to query length, with the names of their kinds.

    Args:
        documents: with `id`, `title`, `product_type` and `category`.
        seed: of the cuts and slips.
        slips: whether some words are mistyped.
    """
    choose = Random(seed)  # noqa: S311 - examples are no secret
    examples: list[CategoryExample] = []
    named: Counter[Kind] = Counter()
    for document in documents:
        kind, fold = kind_of(document), fold_of(str(document["id"]))
        for words in _cuts(unit_texts(document["title"]), choose):
            typed = [_typed(each, choose) for each in words] if slips else words
            examples.append(CategoryExample(text=_joined(typed), kinds=(kind,), fold=fold))
        if kind is not None and named[kind] < _NAME_TIMES:
            named[kind] += 1
            name = kind[1].rsplit(" > ", 1)[-1].lower()
            examples.append(CategoryExample(text=name, kinds=(kind,), fold=fold))
    return examples


def query_examples(
    graded: Iterable[tuple[str, Mapping[str, int]]], kinds: Mapping[str, Kind | None]
) -> list[CategoryExample]:
    """Return judged or clicked queries with the kinds of their best products.

    Args:
        graded: each query with product id → grade.
        kinds: product id → its kind.
    """
    examples = []
    for text, grades in graded:
        best = max(grades.values(), default=0)
        found = {kinds.get(each) for each, grade in grades.items() if grade == best > 0} - {None}
        true = tuple(sorted(each for each in found if each is not None))
        if true:
            examples.append(CategoryExample(text=text, kinds=true, fold=fold_of(text), graded=True))
    return examples


def _cuts(title: Sequence[str], choose: Random) -> Iterator[list[str]]:
    first = [each for each in title if not any(map(str.isdigit, each))]
    if not first:
        return
    yield list(first[: choose.randint(2, _FIRST_WORDS)])
    for _ in range(_CUTS - 1):
        yield short_form(title, choose)


def _typed(word: str, choose: Random) -> str:
    """Return a word as it may be typed: with two letters changed over, or one left out."""
    slips = len(word) >= _SHORTEST_SLIP and word.isalpha() and not is_cjk(word)
    if not slips or choose.random() >= _SLIP_SHARE:
        return word
    place = choose.randrange(1, len(word) - 1)
    if choose.random() < 0.5:
        return word[:place] + word[place + 1 :]
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]


def _joined(words: Sequence[str]) -> str:
    """Return words as a text: no spaces between Chinese characters."""
    text = ""
    for word in words:
        glued = text and is_cjk(text[-1]) and is_cjk(word)
        text += word if glued or not text else f" {word}"
    return text


def _listed(value: object) -> list[str]:
    if value is None:
        return []
    return [str(each) for each in value] if isinstance(value, list) else [str(value)]
