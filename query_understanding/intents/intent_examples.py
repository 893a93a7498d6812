"""Queries with their intents, made from a catalogue and the phrase books.

Some of the catalogue is hidden in each round: queries for what was hidden are examples of what a
catalogue does not have, whatever it sells.
"""

import re
import string
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from query_understanding.intents.intent import Intent
from query_understanding.intents.intent_phrases import PhraseBook, filled, literal_parts
from query_understanding.lexicon.lexicon import Lexicon
from query_understanding.lexicon.lexicon_learning import learn_lexicon
from query_understanding.lexicon.product_words import is_cjk, phrase_key, units

_SHARES = {
    Intent.BUY: 0.28,
    Intent.INFORM: 0.19,
    Intent.SUPPORT: 0.23,
    Intent.NAVIGATE: 0.08,
    Intent.IDENTIFIER: 0.08,
    Intent.OUT_OF_CATALOGUE: 0.14,
}
_FROM_THE_CATALOGUE = 0.6
"""Of the queries for products, those that are nothing but words of a product."""
_HIDDEN = 0.3
"""Of the kinds of product, in each round."""
_VISIBLE_SHARES = (1.0, 0.5, 0.25)
"""Of the products that are not hidden, in turn: small catalogues lack more of what shoppers say."""
_LONGEST_VALUE = 3
_MOST_TITLE_UNITS = 6
_TYPO_SHARE = 0.08
_DROP_SHARE = 0.15
_BRAND_ALONE = 0.5
"""Of the queries that go to a place of the shop."""
_ASKING = re.compile(
    r"(?:how|what|when|where|why|which|who|can|could|is|are|do|does|will|would)\b|.*[吗么呢怎哪几]"
)
_SHUFFLE_SHARE = 0.08
_CODE_LETTERS = string.ascii_uppercase


@dataclass(frozen=True, slots=True, kw_only=True)
class IntentExample:
    """A query whose intent is known."""

    text: str
    intent: Intent
    pattern: str
    """What it was made from: examples of one pattern are never both learned from and held out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExampleRound:
    """Examples with the catalogue that they are seen against."""

    lexicon: Lexicon
    examples: tuple[IntentExample, ...]


_Documents = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shelf:
    """What the catalogue fills in, by language."""

    words: Mapping[str, Mapping[str, list[str]]]

    def of(self, language: str) -> Mapping[str, list[str]]:
        """Return the slots of a language; of all where the catalogue has none in it."""
        return self.words.get(language) or self.words[""]

    def without(self, slot: str) -> "_Shelf":
        """Return the same with nothing for a slot."""
        return _Shelf(words={name: {**slots, slot: []} for name, slots in self.words.items()})


def example_rounds(
    documents: Sequence[Mapping[str, Any]],
    books: Sequence[PhraseBook],
    *,
    rounds: int = 6,
    examples: int = 2_500,
    seed: int = 0,
) -> Iterator[ExampleRound]:
    """Yield labelled queries, each round with another part of the catalogue hidden.

    The last round has an empty lexicon: an intent is to be told without one as well.

    Args:
        documents: stored fields of products; some thousands are enough.
        books: phrases of the languages.
        rounds: how many.
        examples: of each round.
        seed: equal seeds give equal examples.
    """
    for number in range(rounds):
        choose = Random(f"{seed} {number}")  # noqa: S311 - examples are no secret
        if number == rounds - 1:
            hidden: list[Mapping[str, Any]] = []
            visible = list(documents)
            lexicon = Lexicon()
        else:
            hidden, visible = _hide(documents, choose)
            share = _VISIBLE_SHARES[number % len(_VISIBLE_SHARES)]
            known = [each for each in visible if choose.random() < share]
            lexicon = learn_lexicon(known)
            hidden = [each for each in hidden if not _is_known(_kind(each), lexicon)]
        yield ExampleRound(
            lexicon=lexicon,
            examples=tuple(_examples((visible, hidden, lexicon), books, examples, choose)),
        )


def slot_free_grams(books: Sequence[PhraseBook], *, draws: int = 4, seed: int = 0) -> list[str]:
    """Return stretches of phrases without any word of a catalogue, the often used ones often.

    They are what word features are made of: names of products say nothing in another shop.
    """
    choose = Random(seed)  # noqa: S311 - as above
    return [
        part
        for book in books
        for intent, patterns in book.patterns.items()
        for place in range(len(patterns))
        for _ in range(draws * 4)
        for part in literal_parts(book.phrase(intent, place, choose))
    ]


def _examples(
    catalogue: tuple[_Documents, _Documents, Lexicon],
    books: Sequence[PhraseBook],
    count: int,
    choose: Random,
) -> Iterator[IntentExample]:
    visible, hidden, lexicon = catalogue
    shelf, hidden_shelf = _shelf(visible, choose), _shelf(hidden, choose)
    if lexicon.is_empty:
        shelf = shelf.without("brand")  # nobody can tell one from any other word
    for intent, share in _SHARES.items():
        if intent is Intent.OUT_OF_CATALOGUE and not hidden:
            continue
        lacking = intent is Intent.OUT_OF_CATALOGUE
        for _ in range(round(share * count)):
            book = choose.choice(list(books))
            words = (hidden_shelf if lacking else shelf).of(book.language)
            # What a catalogue lacks is asked for in the words in which the rest is.
            example = _example(Intent.BUY if lacking else intent, book, words, choose)
            if example is not None:
                text = _as_typed(example.text, intent, choose)
                yield IntentExample(text=text, intent=intent, pattern=example.pattern)


def _example(
    intent: Intent, book: PhraseBook, words: Mapping[str, list[str]], choose: Random
) -> IntentExample | None:
    if intent is Intent.BUY and choose.random() < _FROM_THE_CATALOGUE:
        slot = choose.choice(("kind", "product", "product", "brand and kind", "value and kind"))
        pattern = " ".join(f"{{{name}}}" for name in slot.split(" and "))
        text = filled(pattern, words, choose)
        # Each is a pattern of its own: none of its words is one of a pattern's.
        return None if text is None else IntentExample(text=text, intent=intent, pattern=text)
    if intent is Intent.NAVIGATE and choose.random() < _BRAND_ALONE:
        brand = filled("{brand}", words, choose)
        return None if brand is None else IntentExample(text=brand, intent=intent, pattern=brand)
    place = choose.randrange(len(book.patterns[intent]))
    text = filled(book.phrase(intent, place, choose), words, choose)
    if not text:
        return None
    return IntentExample(text=text, intent=intent, pattern=f"{book.language} {intent} {place}")


def _as_typed(text: str, intent: Intent, choose: Random) -> str:
    """Return a text as shoppers leave it: lower case, words in another order, slips, no `?`."""
    if choose.random() < 0.8:
        text = text.lower()
    words = text.split()
    if intent in (Intent.BUY, Intent.OUT_OF_CATALOGUE) and choose.random() < _SHUFFLE_SHARE:
        choose.shuffle(words)
    if intent in (Intent.SUPPORT, Intent.INFORM) and choose.random() < _DROP_SHARE:
        words = [word for word in words if choose.random() < 0.75] or words
    if intent is not Intent.IDENTIFIER and choose.random() < _TYPO_SHARE:
        place = choose.randrange(len(words))
        words[place] = _mistyped(words[place], choose)
    text = " ".join(words)
    if choose.random() < 0.5 and (intent is Intent.INFORM or _ASKING.match(text)):
        text = f"{text.rstrip('?？')}{'？' if is_cjk(text) else '?'}"
    return text


def _mistyped(word: str, choose: Random) -> str:
    if len(word) < 4 or not word.isascii() or not word.isalpha():
        return word
    place = choose.randrange(1, len(word) - 1)
    dropped = word[:place] + word[place + 1 :]
    swapped = word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    return choose.choice((dropped, swapped))


def _shelf(documents: Sequence[Mapping[str, Any]], choose: Random) -> _Shelf:
    words: defaultdict[str, defaultdict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for document in documents:
        for slot, text in _slot_texts(document, choose):
            for language in {document.get("language") or "", ""}:
                words[language][slot].add(text)
    for slots in words.values():
        slots["number"] = {str(choose.randint(1, 100)) for _ in range(30)}
        slots["price"] = {str(choose.choice((5, 10, 20, 50, 100, 300, 500))) for _ in range(5)}
        slots["code"] |= {_made_up_code(choose) for _ in range(max(40, len(slots["code"])))}
    found = {
        language: {slot: sorted(texts) for slot, texts in slots.items()}
        for language, slots in words.items()
    }
    return _Shelf(words={"": {}, **found})


def _slot_texts(document: Mapping[str, Any], choose: Random) -> Iterator[tuple[str, str]]:
    title = document.get("title") or ""
    found = units(title)
    if found:
        last = min(choose.randint(2, _MOST_TITLE_UNITS), len(found)) - 1
        yield "product", title[: found[last].end]
    kind = _kind(document)
    if kind:
        yield "kind", kind
    for brand in _listed(document.get("brand")):
        yield "brand", brand
    for code in _listed(document.get("codes")):
        yield "code", code
    for attribute in document.get("attributes") or ():
        value = attribute["value"]
        if isinstance(value, str) and len(value.split()) <= _LONGEST_VALUE:
            yield "value", value


def _made_up_code(choose: Random) -> str:
    letters = "".join(choose.choices(_CODE_LETTERS, k=choose.randint(1, 4)))
    digits = "".join(choose.choices(string.digits, k=choose.randint(2, 5)))
    tail = choose.choice(("", "", choose.choice(_CODE_LETTERS), f"-{choose.randint(1, 99)}"))
    join = choose.choice(("", "", "-", "."))
    number = "".join(choose.choices(string.digits, k=choose.randint(7, 13)))
    return choose.choice((f"{letters}{join}{digits}{tail}",) * 3 + (number,))


def _hide(
    documents: Sequence[Mapping[str, Any]], choose: Random
) -> tuple[list[Mapping[str, Any]], list[Mapping[str, Any]]]:
    kinds = sorted({_kind(each) for each in documents} - {""})
    chosen = set(choose.sample(kinds, round(_HIDDEN * len(kinds))))
    hidden = [each for each in documents if _kind(each) in chosen]
    return hidden, [each for each in documents if _kind(each) not in chosen]


def _is_known(kind: str, lexicon: Lexicon) -> bool:
    """Say whether the visible part has products that a hidden kind's name would find."""
    key = phrase_key(kind)
    last = key.rsplit(" ", 1)[-1]
    if is_cjk(key):
        return key.replace(" ", "")[-2:] in lexicon.cjk_pairs
    return key in lexicon.kind_places or last in lexicon.word_kinds


def _kind(document: Mapping[str, Any]) -> str:
    for product_type in _listed(document.get("product_type")):
        return product_type
    categories = _listed(document.get("category"))
    return categories[-1].rsplit(" > ", 1)[-1] if categories else ""


def _listed(value: object) -> list[str]:
    if value is None:
        return []
    return [str(each) for each in value] if isinstance(value, list) else [str(value)]
