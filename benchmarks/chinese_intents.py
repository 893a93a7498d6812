"""Measures intents on Chinese phrases that were written for it, and are in no phrase book.

    python -m benchmarks.chinese_intents [--part development] [--trained FOLDER] [--show INTENT]

The phrases of `chinese_intents.csv` were written before they were first measured, by one who knew
the phrase book; which of them the sample shop sells (`sold`) was looked up in its titles. What it
does not sell is out of its catalogue, and to buy where no catalogue is known. The phrase book was
extended while looking at the first part (`development`); the second was written afterwards, and
figures are those of it. From the root of the repository, as a module.
"""

import argparse
import csv
from collections import defaultdict
from pathlib import Path

from benchmarks.intents import measure
from query_understanding import (
    Intent,
    Lexicon,
    intent_teller,
    learn_lexicon,
)
from tools.train_intents import sample_shop_documents

PHRASES = Path(__file__).with_name("chinese_intents.csv")


def phrases(part: str, *, in_the_shop: bool) -> dict[Intent, list[str]]:
    found: defaultdict[Intent, list[str]] = defaultdict(list)
    with PHRASES.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            if row["part"] != part:
                continue
            lacking = in_the_shop and row["sold"] == "no"
            intent = Intent.OUT_OF_CATALOGUE if lacking else Intent(row["intent"])
            if in_the_shop or intent is not Intent.NAVIGATE:  # no brand is known without one
                found[intent].append(row["query"])
    return dict(found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trained", type=Path, help="query_understanding.trained")
    parser.add_argument("--part", choices=("test", "development"), default="test")
    parser.add_argument("--show")
    options = parser.parse_args()
    model = intent_teller(options.trained)
    lexicons = {True: learn_lexicon(sample_shop_documents()), False: Lexicon()}
    for in_the_shop, lexicon in lexicons.items():
        sets = {
            each.value: (each, texts, lexicon)
            for each, texts in phrases(options.part, in_the_shop=in_the_shop).items()
        }
        count = sum(len(texts) for _, texts, _ in sets.values())
        print(f"{'sample shop' if in_the_shop else 'no catalogue known'}, {count} phrases")
        measure(model, sets, None, options.show)


if __name__ == "__main__":
    main()
