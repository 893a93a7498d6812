"""Measures what it takes to learn the words of spelling, plurals and acronyms from many products.

    python -m benchmarks.learning_units [--products 1000000] [--folder FOLDER]

The catalogue is made up (`benchmarks.synthetic_catalogue`): words as unevenly frequent as words
are. Each unit counts all products in a process of its own, so that its memory is its own. Printed
are the processor time of counting and of what is made of it, without reading the file and cutting
titles into words, and the most memory beyond what reading takes. The last row is what a query
process then builds to look misspelt words up.
"""

import argparse
import multiprocessing
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import orjson

from benchmarks.synthetic_catalogue import SyntheticCatalogue
from query_understanding import KnownCatalogue
from query_understanding.lexicon.bounded_counter import BoundedCounter
from query_understanding.lexicon.companion_words import CompanionWords
from query_understanding.lexicon.lexicon import Lexicon
from query_understanding.lexicon.number_forms import NumberForms
from query_understanding.lexicon.written_out import WrittenOut
from query_understanding.spelling.joinable_words import JoinableWords
from search_core import singular, unit_texts

_MOST_WORDS = 150_000
"""As the lexicon counts them."""
Row = dict[str, Any]
Count = Callable[[Row, list[str]], None]
Finish = Callable[[], object]


def _plurals() -> tuple[Count, Finish]:
    forms = NumberForms()
    titles: BoundedCounter[str] = BoundedCounter(_MOST_WORDS)

    def count(row: Row, words: list[str]) -> None:
        forms.observe(row["title"], words)
        titles.update({singular(word) for word in words})

    def finish() -> object:
        return forms.found(titles.counts())

    return count, finish


def _acronyms() -> tuple[Count, Finish]:
    written_out = WrittenOut()

    def count(row: Row, words: list[str]) -> None:
        del words
        values = " ; ".join(str(each) for each in row["attributes"].values())
        written_out.observe(row["title"], (row["description"], values))

    return count, lambda: written_out.found(1, {})


def _pairs() -> tuple[Count, Finish]:
    joinable, companions = JoinableWords(), CompanionWords()

    def count(row: Row, words: list[str]) -> None:
        del row
        joinable.observe(words)
        companions.observe(words)

    return count, lambda: (joinable.frequent(), companions.frequent())


def _words() -> tuple[Count, Finish]:
    counts: BoundedCounter[str] = BoundedCounter(_MOST_WORDS)

    def count(row: Row, words: list[str]) -> None:
        counts.update({*words, *unit_texts(row["description"])})

    return count, counts.counts


def _nothing() -> tuple[Count, Finish]:
    def count(row: Row, words: list[str]) -> None:
        del row, words

    return count, lambda: None


UNITS: dict[str, Callable[[], tuple[Count, Finish]]] = {
    "reading": _nothing,
    "plurals": _plurals,
    "acronyms": _acronyms,
    "words side by side, words together": _pairs,
    "all words": _words,
}


def _rows(path: Path) -> Iterator[tuple[Row, list[str]]]:
    with path.open("rb") as lines:
        for line in lines:
            row = orjson.loads(line)
            yield row, unit_texts(row["title"])


def _measured(name: str, path: Path, answers: Any) -> None:
    """Count with one unit; answers processor seconds of counting and finishing, and peak MB."""
    count, finish = UNITS[name]()
    counting = 0.0
    for row, words in _rows(path):
        began = time.process_time()
        count(row, words)
        counting += time.process_time() - began
    began = time.process_time()
    finish()
    answers.put((counting, time.process_time() - began, _peak_mb()))


def _looked_up(path: Path, answers: Any) -> None:
    """Build what a query process needs to find misspelt words; answers seconds, words and MB."""
    count, finish = _words()
    for row, words in _rows(path):
        count(row, words)
    known: dict[str, int] = dict(finish())  # type: ignore[call-overload]
    catalogue = KnownCatalogue(Lexicon(products=len(known), language="en", words=known))
    before, began = _peak_mb(), time.process_time()
    _ = catalogue.near_words
    answers.put((time.process_time() - began, len(known), _peak_mb() - before))


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _in_a_process(target: Callable[..., None], *arguments: object) -> tuple[float, float, float]:
    context = multiprocessing.get_context("spawn")
    answers = context.Queue()
    process = context.Process(target=target, args=(*arguments, answers))
    process.start()
    answer: tuple[float, float, float] = answers.get()
    process.join()
    return answer


def measure(path: Path, products: int, units: list[str]) -> None:
    """Print a row a unit."""
    reading = _in_a_process(_measured, "reading", path)
    for name in units:
        counting, finishing, peak = _in_a_process(_measured, name, path)
        print(
            f"{name}: {(counting - reading[0]) / products * 1e6:.0f} microseconds a product "
            f"({counting - reading[0]:.0f} s), then {finishing:.1f} s; {peak - reading[2]:.0f} MB",
            flush=True,
        )
    if units != list(UNITS)[1:]:
        return
    seconds, words, memory = _in_a_process(_looked_up, path)
    print(f"index of misspelt words: {words:,.0f} words, {seconds:.1f} s, {memory:.0f} MB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--products", type=int, default=1_000_000)
    parser.add_argument("--unit", choices=list(UNITS)[1:], help="only this one")
    parser.add_argument("--folder", type=Path, help="where the made-up catalogue is kept")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        path = (options.folder or Path(scratch)) / f"{options.products}.jsonl"
        if not path.exists():
            SyntheticCatalogue().write(path, options.products)
        units = [options.unit] if options.unit else list(UNITS)[1:]
        measure(path, options.products, units)


if __name__ == "__main__":
    main()
