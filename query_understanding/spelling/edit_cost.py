"""How likely one word is a slip of the finger or ear for another."""

from rapidfuzz.distance import OSA, Levenshtein

_KEY_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_VOWELS = frozenset("aeiouy")
_SLIP = 0.7
"""Cost of an edit that fingers and ears make often, where any other costs 1."""
_FIRST_LETTER = 0.5
"""Added when the first letter differs: it is rarely wrong. Source: Pollock and Zamora 1984 found
the first letter wrong in fewer than one misspelling in twelve."""

_SOUNDS = (
    ("ph", "f"), ("gh", "g"), ("ck", "k"), ("qu", "k"), ("c", "k"), ("z", "s"), ("x", "ks"),
    ("wh", "w"), ("kn", "n"), ("wr", "r"), ("y", "i"), ("dg", "g"), ("j", "g"),
)  # fmt: skip


def _neighbours() -> frozenset[tuple[str, str]]:
    places = {
        key: (row, column + row * 0.5)
        for row, keys in enumerate(_KEY_ROWS)
        for column, key in enumerate(keys)
    }
    return frozenset(
        (first, second)
        for first, (row, column) in places.items()
        for second, (other_row, other_column) in places.items()
        if first != second and abs(row - other_row) <= 1 and abs(column - other_column) <= 1
    )


_NEIGHBOURS = _neighbours()


def edit_cost(typed: str, meant: str) -> float:
    """Return how far a typed word is from a meant one: 1 for an ordinary edit, less for slips.

    Slips are neighbouring keys, swapped neighbours, a letter doubled or not, a vowel for a vowel,
    and spellings that sound alike.
    """
    if typed == meant:
        return 0.0
    first = _FIRST_LETTER if typed[:1] != meant[:1] else 0.0
    if _sound(typed) == _sound(meant):
        return _SLIP + first
    if _swapped(typed, meant):
        return _SLIP  # the first letter is there, if second
    single_edits = sum(
        _operation_cost(operation.tag, operation.src_pos, operation.dest_pos, typed, meant)
        for operation in Levenshtein.editops(typed, meant)
    )
    # Where two neighbours are swapped, single edits would count that twice.
    edits = OSA.distance(typed, meant)
    swaps = Levenshtein.distance(typed, meant) - edits
    return first + min(single_edits, edits - swaps * (1 - _SLIP))


def _operation_cost(tag: str, place: int, other: int, typed: str, meant: str) -> float:
    if tag == "replace":
        pair = (typed[place], meant[other])
        alike = pair in _NEIGHBOURS or _VOWELS.issuperset(pair)
        return _SLIP if alike else 1.0
    word, at = (typed, place) if tag == "delete" else (meant, other)
    doubled = word[at] in (word[at - 1 : at], word[at + 1 : at + 2])
    return _SLIP if doubled else 1.0


def _swapped(typed: str, meant: str) -> bool:
    if len(typed) != len(meant):
        return False
    differing = [
        place for place, pair in enumerate(zip(typed, meant, strict=True)) if len({*pair}) > 1
    ]
    if len(differing) != 2 or differing[1] != differing[0] + 1:
        return False
    left, right = differing
    return typed[left] == meant[right] and typed[right] == meant[left]


def _sound(word: str) -> str:
    for written, heard in _SOUNDS:
        word = word.replace(written, heard)
    kept = [letter for place, letter in enumerate(word) if letter != word[place - 1 : place]]
    return "".join(kept)
