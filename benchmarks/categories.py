"""Measures categories: products whose kind is hidden, and judged queries.

    python -m benchmarks.categories INDEX [--judgments JUDGMENTS.csv] [--folds 10] [--confusion]

Of a tenth of the products at a time the kind is hidden from learning; their titles, cut to one to
four words, are the queries. With judgments, the true kinds of a query are those of its best
products. From the root of the repository, as a module.
"""

import argparse
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from evaluation import read_judgments
from query_understanding import (
    Lexicon,
    calibration_error,
    category_shares,
    kind_shares,
    learn_lexicon,
    short_form,
)
from search_core import unit_texts
from search_core.settings import SearchEngineSettings
from search_engine import connect, scan_products

FIELDS = (
    "id", "title", "brand", "product_type", "category", "category_text", "description",
    "attributes", "attributes_text", "price", "language",
)  # fmt: skip
Guess = Callable[[str, Lexicon], Mapping[int, float]]
Asked = tuple[str, frozenset[str], Lexicon]


def kind_of(document: Mapping[str, Any]) -> str | None:
    """Return the product type, else the narrowest category."""
    if document.get("product_type"):
        return str(document["product_type"])
    return document["category"][-1] if document.get("category") else None


def hidden_titles(documents: Sequence[Mapping[str, Any]], folds: int) -> Iterator[Asked]:
    mixed = random.Random(1).sample(list(documents), len(documents))
    choose = random.Random(2)
    for fold in range(folds):
        lexicon = learn_lexicon(each for place, each in enumerate(mixed) if place % 10 != fold)
        known = {kind.name for kind in lexicon.kinds}
        for document in mixed[fold::10]:
            kind = kind_of(document)
            text = " ".join(short_form(unit_texts(document["title"]), choose))
            if kind in known and text:
                yield text, frozenset({kind}), lexicon


def judged(documents: Sequence[Mapping[str, Any]], path: Path) -> Iterator[Asked]:
    judgments = read_judgments(path).checked()
    kinds = {str(each["id"]): kind_of(each) for each in documents}
    lexicon = learn_lexicon(documents)
    for query in judgments.measurable():
        grades = judgments.grades(query)
        best = max(grades.values())
        true = {kinds.get(product) for product, grade in grades.items() if grade == best}
        if true - {None}:
            yield query.text, frozenset(true - {None}), lexicon


def blended(text: str, lexicon: Lexicon) -> Mapping[int, float]:
    named, words = kind_shares(text, lexicon), category_shares(text, lexicon)
    if not named:
        return words
    places = named.keys() | words.keys()
    return {place: (named.get(place, 0.0) + words.get(place, 0.0)) / 2 for place in places}


def measure(name: str, guess: Guess, asked: Sequence[Asked], confusion: bool) -> None:
    confidences, right, times, silent = [], [], [], 0
    wrong: Counter[tuple[str, str]] = Counter()
    for text, true, lexicon in asked:
        started = time.process_time()
        shares = guess(text, lexicon)
        times.append((time.process_time() - started) * 1000)
        if not shares:
            silent += 1
            continue
        best = max(shares, key=shares.__getitem__)
        confidences.append(shares[best])
        right.append(lexicon.kinds[best].name in true)
        if not right[-1]:
            wrong[min(true), lexicon.kinds[best].name] += 1
    error = calibration_error(np.array(confidences), np.array(right))
    print(
        f"  {name:24} {len(asked):6} queries: right {sum(right) / len(asked):.3f}, silent "
        f"{silent / len(asked):.3f}, calibration error {error:.3f}, p50 {np.median(times):.2f} ms"
    )
    for (true_kind, guessed), count in wrong.most_common(12 if confusion else 0):
        print(f"      {count:4} {true_kind} taken for {guessed}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("index")
    parser.add_argument("--judgments", type=Path)
    parser.add_argument("--folds", type=int, default=10)
    parser.add_argument("--url", default="http://127.0.0.1:9200")
    parser.add_argument("--confusion", action="store_true")
    options = parser.parse_args()
    client = connect(SearchEngineSettings(url=options.url))
    documents = list(scan_products(client, options.index, FIELDS))
    sets = {"hidden titles": list(hidden_titles(documents, options.folds))}
    if options.judgments is not None:
        sets["judged queries"] = list(judged(documents, options.judgments))
    for name, asked in sets.items():
        print(f"{options.index}, {name}")
        for label, guess in (
            ("product_kinds", kind_shares), ("categories", category_shares), ("both", blended)
        ):  # fmt: skip
            measure(label, guess, asked, options.confusion and label == "categories")


if __name__ == "__main__":
    main()
