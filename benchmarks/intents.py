"""Measures intents on real queries that no model was trained on.

    python -m benchmarks.intents SHARED_DATA [--part development] [--trained FOLDER] [--show INTENT]

SHARED_DATA holds customers' utterances to support (Bitext), questions about products (Amazon PQA),
furniture queries (WANDS) and electronics with judged queries (Icecat). Phrases may be written while
looking at the wrong guesses of one half (`development`); figures are those of the other. From the
root of the repository, as a module.
"""

import argparse
import csv
import gzip
import json
import random
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from query_understanding import (
    CLASSES,
    Intent,
    IntentTeller,
    Lexicon,
    intent_teller,
    labelled_queries,
    learn_lexicon,
    measure_intents,
)

_QUESTIONS = ("epqa_dev", "hetpqa_answers_dev", "semipqa_attribute_ranking_dev")
_SAMPLE = 1_000
Sets = dict[str, tuple[Intent, list[str], Lexicon]]


def rows(path: Path) -> Iterator[dict[str, str]]:
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def electronics(folder: Path) -> tuple[Lexicon, list[dict[str, Any]]]:
    with gzip.open(folder / "icecat" / "products.jsonl.gz", "rt", encoding="utf-8") as lines:
        products = [json.loads(line) for line in lines]
    documents = (
        {
            "title": each["title"],
            "brand": each.get("supplier"),
            "product_type": each.get("attr_t_product_type"),
            "description": each.get("short_description"),
            "language": "en",
            "attributes": [
                {"name": name.split("_", 2)[2], "value": value}
                for name, value in each.items()
                if name.startswith("attr_t_")
            ],
            "attributes_text": " ; ".join(
                value for name, value in each.items() if name.startswith("attr_t_")
            ),
        }
        for each in products
    )
    return learn_lexicon(documents), products


def is_a_number(name: str) -> bool:
    return len(name) >= 4 and " " not in name and any(map(str.isdigit, name))


def held_out_sets(folder: Path) -> Sets:
    choose = random.Random(5)
    lexicon, products = electronics(folder)
    unknown = Lexicon()
    support = sorted(
        {each["instruction"] for each in rows(folder / "bitext_support/support_utterances.csv.gz")}
    )
    questions = sorted(
        {
            each["question"].strip()
            for name in _QUESTIONS
            for each in rows(folder / f"amazon_pqa/{name}.csv.gz")
        }
    )
    furniture = [each["query"] for each in rows(folder / "wands_queries/query.csv")]
    judged = sorted({each["query"] for each in rows(folder / "icecat/judgments.csv")})
    brands = {each["supplier"].casefold() for each in products if each.get("supplier")}
    brand_queries = [each for each in judged if each.casefold() in brands]
    numbered = [each for each in products if is_a_number(each["name"])]
    named = choose.sample(numbered, _SAMPLE)
    codes = [each["name"] for each in named[:700]] + [
        each["ean"][0] for each in named[700:] if each["ean"]
    ]
    several = choose.sample(sorted(brands), min(100, len(brands)))
    return {
        "support, Bitext": (Intent.SUPPORT, choose.sample(support, _SAMPLE), lexicon),
        "questions, Amazon PQA": (Intent.INFORM, choose.sample(questions, _SAMPLE), lexicon),
        "electronics queries, own shop": (
            Intent.BUY, [each for each in judged if each not in brand_queries], lexicon,
        ),
        "furniture queries, no catalogue": (Intent.BUY, furniture, unknown),
        "furniture queries, electronics shop": (Intent.OUT_OF_CATALOGUE, furniture, lexicon),
        "judged brands": (Intent.NAVIGATE, brand_queries, lexicon),
        "brands of the catalogue": (Intent.NAVIGATE, several, lexicon),
        "model numbers and EANs": (Intent.IDENTIFIER, codes, lexicon),
    }  # fmt: skip


def half(texts: list[str], part: str | None) -> list[str]:
    if part is None:
        return texts
    mixed = random.Random(11).sample(texts, len(texts))
    return list(islice(mixed, 0 if part == "development" else 1, None, 2))


def measure(model: IntentTeller, sets: Sets, part: str | None, show: str | None) -> None:
    print(f"{'':36} {'n':>5} {'right':>6} {'named':>6}  guessed as")
    together = []
    for name, (intent, texts, lexicon) in sets.items():
        queries = labelled_queries([(text, intent) for text in half(texts, part)], lexicon)
        report = measure_intents(model, queries)
        if "electronics shop" not in name:
            together += random.Random(1).sample(queries, min(len(queries), 240))
        guessed = ", ".join(
            f"{each.value} {count}" for each, count in report.confusion[intent].most_common()
        )
        print(
            f"{name:36} {report.queries:5} {report.accuracy:6.3f} {1 - report.unknown:6.3f}  "
            f"{guessed}"
        )
        if show == intent.value:
            for query in queries:
                guess = model.guess(query.features, query.text)
                if guess.intent is not intent:
                    print(
                        f"   {query.text!r}: {guess.intent} {guess.confidence:.2f} {guess.because}"
                    )
    report = measure_intents(model, together)
    print(
        f"together {report.queries}: accuracy {report.accuracy:.3f}, "
        f"calibration error {report.calibration_error:.3f}, not named {report.unknown:.3f}"
    )
    print(f"{'true':18}" + "".join(f"{each.value[:10]:>12}" for each in CLASSES))
    for intent, guesses in report.confusion.items():
        print(f"{intent.value:18}" + "".join(f"{guesses.get(each, 0):12}" for each in CLASSES))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shared_data", type=Path)
    parser.add_argument("--trained", type=Path, help="query_understanding.trained")
    parser.add_argument("--part", choices=("test", "development"), default="test")
    parser.add_argument("--show")
    options = parser.parse_args()
    model = intent_teller(options.trained)
    measure(model, held_out_sets(options.shared_data), options.part, options.show)


if __name__ == "__main__":
    main()
