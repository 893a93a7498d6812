"""What of a query speaks for an intent: its words, its shape, what the catalogue knows of it."""

import re
from collections.abc import Container, Iterator, Sequence
from itertools import combinations

from query_understanding.lexicon.chinese_segments import Segment, chinese_segments
from query_understanding.lexicon.lexicon import Lexicon
from query_understanding.lexicon.product_words import Unit, is_cjk, phrase_of, singular, units
from query_understanding.spelling.general_words import NAMING_NOTHING, english_words

_LONGEST_GRAM = 3
_MOST_UNITS = 24
"""Units of a text that are read: what an intent shows by stands in its first words."""
_BEGIN, _END = "^", "$"
_AFTER_THE_HEAD = frozenset({"for", "with", "without", "to", "from", "in", "under", "of"})
_CODE = re.compile(r"(?=[^\s]*\d)[a-z0-9][a-z0-9./_-]{3,}", re.IGNORECASE)
_LETTERS_AND_DIGITS = re.compile(r"(?=.*[a-z])(?=.*\d)", re.IGNORECASE)
_QUANTITY = re.compile(r"\d+(?:[.,]\d+)?[a-z]{1,5}|\d+(?:[x×*]\d+)+[a-z]{0,2}", re.IGNORECASE)
"""`128gb` and `180x200` are no codes."""
_LONG_NUMBER = 5
"""Digits from which a bare number is an article's number, and no size, price or year."""
_LENGTHS = ((1, "1"), (3, "2-3"), (6, "4-6"))
_STEM = 5
"""First letters of longer words: `cancel`, `canceling` and `cancellation` ask for the same."""
_LONGEST_NAME = 6
_LONGEST_NAMING = 6
"""Words of a query that may be a name of products: those of a sentence stand in no title."""
_SEVERAL = 2
_SIZES = ((280, "small"), (560, "middling"))
"""Products of a catalogue up to which it is called so: the larger it is, the more it says that two
words never stand together in it."""
_TITLES = ((0, "none"), (2, "1-2"), (9, "3-9"), (49, "10-49"))
_ENGLISH = "en"
_CHINESE = "chinese, "
"""Before the features of a text whose head is Chinese, so that it has weights of its own."""
LACKS_MUCH = frozenset(
    f"{read}catalogue lacks:{share}" for read in ("", _CHINESE) for share in ("half or more", "all")
)
"""Features of a query of which the catalogue knows less than half."""
LACKS_SOME = frozenset(("titles have together:none, catalogue lacks:less than half",))
"""Features of a query of which the catalogue lacks some words, and has no two others in a title."""
SAYS_NOTHING_ENGLISH = "catalogue lacks no word of English"
"""Feature of a query whose words, as far as an English catalogue lacks them, are not English
either: a name, a number, or another language."""


def intent_features(typed: str, understood: str, lexicon: Lexicon) -> tuple[str, ...]:
    """Return the names of the features that a query has.

    Args:
        typed: the shopper's words, cleaned; word features are read from them.
        understood: the same with spelling put right; it is compared with the catalogue.
        lexicon: of the catalogue; empty: features about the catalogue are left out.
    """
    found = units(typed)[:_MOST_UNITS]
    read = units(understood)[:_MOST_UNITS] or found
    features = [*word_features([unit.text for unit in found]), *_shape(typed, found)]
    if lexicon.is_empty:
        features.append("catalogue:unknown")
    else:
        features += _knowledge(understood or typed, read, lexicon)
    return tuple(dict.fromkeys(features))


def word_features(words: Sequence[str]) -> Iterator[str]:
    """Yield stems, and each one to three units side by side, with beginning and end as units."""
    yield from (f"stem:{word[:_STEM]}" for word in words if len(word) > _STEM)
    framed = [_BEGIN, *words, _END]
    for size in range(1, _LONGEST_GRAM + 1):
        for start in range(len(framed) - size + 1):
            gram = framed[start : start + size]
            if gram not in ([_BEGIN], [_END]):
                yield f"words:{' '.join(gram)}"


def looks_like_a_code(token: str) -> bool:
    """Say whether a token is shaped as a model or article number: `KX-470B`, an EAN."""
    if not _CODE.fullmatch(token) or _QUANTITY.fullmatch(token):
        return False
    if _LETTERS_AND_DIGITS.match(token):
        return True
    return sum(character.isdigit() for character in token) >= _LONG_NUMBER


def _shape(text: str, found: Sequence[Unit]) -> Iterator[str]:
    tokens = text.split()
    codes = sum(looks_like_a_code(token) for token in tokens)
    yield f"codes:{'none' if not codes else 'all' if codes == len(tokens) else 'some'}"
    length = sum(0.5 if is_cjk(unit.text) else 1.0 for unit in found)
    yield f"length:{_label(length, _LENGTHS, '7')}"
    if text.rstrip().endswith(("?", "？")):
        yield "ends with a question mark"
    if any(unit.text.isdigit() for unit in found):
        yield "has a number"


def _knowledge(text: str, found: Sequence[Unit], lexicon: Lexicon) -> Iterator[str]:
    # That a catalogue has a code says nothing of what its other words are after.
    codes = [unit for token in text.split() if looks_like_a_code(token) for unit in units(token)]
    coded = {unit.text for unit in codes}
    found = [unit for unit in found if unit.text not in coded]
    segments = [each for each in chinese_segments(text, lexicon) if not each.is_particle]
    known = [_familiarity(unit, lexicon) for unit in found if not is_cjk(unit.text)]
    known += [_segment_familiarity(each) for each in segments]
    if not known:
        yield "catalogue:nothing to look up"
        return
    titles = _bucket(known.count("title") / len(known))
    unknown = _bucket(known.count("no") / len(known))
    # Of a Chinese text the last word is the head.
    chinese = bool(segments) and is_cjk(found[-1].text)
    head_known = known[-1] if chinese else _familiarity(_head(found), lexicon)
    # Titles have fewer of its words than of English ones: verbs and measures stand in none.
    read = _CHINESE if chinese else ""
    yield f"{read}titles have:{titles}"
    yield f"{read}catalogue lacks:{unknown}"
    yield f"{read}head in:{head_known}"
    yield f"{read}catalogue lacks:{unknown}, head in:{head_known}"
    words = [unit.text for unit in found]
    if len(words) <= _LONGEST_NAMING and not any(map(is_cjk, words)):
        yield from _company(words, _head(found).text, unknown, lexicon)
    yield f"kind:{_named(words, lexicon.kind_places)}"
    yield f"brand:{_begins(words, lexicon.brands)}"
    yield f"{read}kind:{_named(words, lexicon.kind_places)}, titles have:{titles}"


def _familiarity(unit: Unit, lexicon: Lexicon) -> str:
    """Say where the catalogue has a word: in a `title`, a `text`, or `no`where."""
    word = singular(unit.text)
    if word in lexicon.word_kinds:
        return "title"
    known = lexicon.knows(unit.text) or lexicon.knows(word) or lexicon.knows(f"{unit.text}s")
    return "text" if known else "no"


def _company(words: Sequence[str], head: str, unknown: str, lexicon: Lexicon) -> Iterator[str]:
    """Yield how the words of a query go together in titles: what a shop sells, it names so."""
    together, often = _together(words, lexicon), _often(head, lexicon)
    size = _label(lexicon.products, _SIZES, "large")
    yield f"titles have together:{together}"
    yield f"titles have the head:{often}"
    yield f"titles have together:{together}, the head:{often}"
    yield f"titles have together:{together}, catalogue lacks:{unknown}"
    yield f"{size} catalogue lacks:{unknown}"
    yield f"{size} titles have together:{together}, catalogue lacks:{unknown}"
    lacks = unknown != "none" and lexicon.language == _ENGLISH
    if lacks and _lacks_no_english(words, lexicon):
        yield SAYS_NOTHING_ENGLISH


def _together(words: Sequence[str], lexicon: Lexicon) -> str:
    """Say of how many words that name something titles have another of the query as well."""
    naming = {singular(word) for word in words if word not in NAMING_NOTHING and len(word) > 1}
    if len(naming) < _SEVERAL:
        return "one word"
    paired = {
        word
        for pair in combinations(sorted(naming), 2)
        if " ".join(pair) in lexicon.companions
        for word in pair
    }
    return _bucket(len(paired) / len(naming))


def _often(word: str, lexicon: Lexicon) -> str:
    """Say in how many titles a word stands."""
    return _label(sum(lexicon.word_kinds.get(singular(word), {}).values()), _TITLES, "many")


def _label(number: float, labels: Sequence[tuple[int, str]], beyond: str) -> str:
    return next((label for most, label in labels if number <= most), beyond)


def _lacks_no_english(words: Sequence[str], lexicon: Lexicon) -> bool:
    return english_words().isdisjoint(word for word in words if not lexicon.knows(word))


def _segment_familiarity(segment: Segment) -> str:
    return "title" if segment.is_known else "no"


def _bucket(share: float) -> str:
    if share in (0.0, 1.0):
        return "none" if share == 0.0 else "all"
    return "half or more" if share >= 0.5 else "less than half"


def _head(found: Sequence[Unit]) -> Unit:
    """Return the unit that names the thing: the last before `for`, `with`, … or of all."""
    for place, unit in enumerate(found):
        if place and unit.text in _AFTER_THE_HEAD:
            return found[place - 1]
    return found[-1]


def _named(words: Sequence[str], names: Container[str]) -> str:
    """Say whether the text `is` a name, `ends` with one, or has `none` at its end."""
    for count in range(min(_LONGEST_NAME, len(words)), 0, -1):
        if phrase_of(words[-count:]) in names:
            return "is" if count == len(words) else "ends"
    return "none"


def _begins(words: Sequence[str], names: Container[str]) -> str:
    for count in range(min(_LONGEST_NAME, len(words)), 0, -1):
        if phrase_of(words[:count]) in names:
            return "is" if count == len(words) else "begins"
    return "none"
