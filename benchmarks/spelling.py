"""Measures how many misspelt English words are read right, beside symspellpy.

    python -m benchmarks.spelling SHARED_DATA

SHARED_DATA is the folder with `symspell/noisy_query_en_1000.txt`: a noisy word, what was meant, and
how many edits lie between. No catalogue decides: the vocabulary of both is symspellpy's list of
English words, whose frequencies stand for titles here. symspellpy takes the word at the smallest
distance within two edits, the most frequent of those, and the word itself where there is none. Two
figures for Shopkeeper: what would be searched first (the corrected text, or the suggestion that is
searched beside it), and how many words are replaced outright, and by the wrong word.
"""

import argparse
from collections import Counter
from importlib.resources import files
from pathlib import Path

from symspellpy import SymSpell, Verbosity

from query_understanding import KnownCatalogue
from query_understanding.lexicon.lexicon import NO_KIND, Lexicon
from query_understanding.spelling.general_words import english_shares
from query_understanding.spelling.spelling import SpellingRewriter
from search_core import QueryPlan, singular

_TITLES = 10_000_000
_FILE = Path("symspell") / "noisy_query_en_1000.txt"
_LIST = "frequency_dictionary_en_82_765.txt"
Case = tuple[str, str, int]
"""Typed, meant, edits."""


def english_catalogue() -> KnownCatalogue:
    """Return a catalogue whose titles have the words of English as often as books do."""
    words = {word: round(share * _TITLES) for word, share in english_shares().items()}
    titles: Counter[str] = Counter()
    for word, count in words.items():
        titles[singular(word)] += count
    lexicon = Lexicon(
        products=_TITLES,
        language="en",
        words=words,
        word_kinds={word: {NO_KIND: count} for word, count in titles.items()},
    )
    return KnownCatalogue(lexicon)


def cases_of(folder: Path) -> list[Case]:
    """Return the noisy words of the shared data."""
    lines = (folder / _FILE).read_text(encoding="utf-8").splitlines()
    rows = [line.split() for line in lines if line.strip()]
    return [(typed, meant, int(edits)) for typed, meant, edits in rows]


def read_by_shopkeeper(cases: list[Case]) -> tuple[list[str], list[bool]]:
    """Return what is searched first for each case, and whether it was replaced outright."""
    catalogue, rewriter = english_catalogue(), SpellingRewriter()
    plans = [rewriter.rewrite(QueryPlan.plain(typed), catalogue) for typed, _, _ in cases]
    replaced = [plan.text != plan.original_text for plan in plans]
    return [plan.suggestion or plan.text for plan in plans], replaced


def read_by_symspellpy(cases: list[Case]) -> list[str]:
    """Return symspellpy's first suggestion for each case."""
    symspell = SymSpell(max_dictionary_edit_distance=2)
    symspell.load_dictionary(files("symspellpy") / _LIST, term_index=0, count_index=1)
    found = []
    for typed, _, _ in cases:
        best = symspell.lookup(typed, Verbosity.TOP, max_edit_distance=2, include_unknown=True)
        found.append(best[0].term)
    return found


def _print(name: str, cases: list[Case], found: list[str]) -> None:
    right: Counter[int] = Counter()
    for word, (_, meant, edits) in zip(found, cases, strict=True):
        right[edits] += word == meant
    of = Counter(edits for _, _, edits in cases)
    parts = [f"{edits} edits {right[edits]}/{of[edits]}" for edits in sorted(of)]
    print(f"{name}: {right.total()} of {len(cases)} right ({', '.join(parts)})")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, metavar="SHARED_DATA")
    cases = cases_of(parser.parse_args().folder)
    _print("symspellpy", cases, read_by_symspellpy(cases))
    found, replaced = read_by_shopkeeper(cases)
    _print("Shopkeeper", cases, found)
    outright = [
        one == meant
        for one, (_, meant, _), each in zip(found, cases, replaced, strict=True)
        if each
    ]
    print(f"replaced outright: {len(outright)}, {len(outright) - sum(outright)} of them wrongly")


if __name__ == "__main__":
    main()
