"""Trains the model of intents that Shopkeeper brings: `python -m tools.train_intents`.

It learns from the phrase books and the sample shop, both part of this repository, and from nothing
else, so that none of the data sets that it is measured on was ever seen.
"""

import json
from pathlib import Path
from typing import Any

from query_understanding import (
    FOLDS,
    encode_intent_model,
    example_rounds,
    labelled,
    measure_intents,
    phrase_books,
    train_intents,
)
from shopkeeper.sample_shop import products_path

TARGET = Path(__file__).parents[1] / "query_understanding" / "intent_model.json"
ROUNDS = 18
"""Each hides other kinds of product: with fewer, what a catalogue lacks is learned by chance."""


def sample_shop_documents() -> list[dict[str, Any]]:
    """Return the sample shop's products, with the fields that examples are made from."""
    rows = map(json.loads, products_path().read_text(encoding="utf-8").splitlines())
    return [
        {
            "title": row["title"],
            "language": row["language"],
            "brand": row["brand"],
            "product_type": row["product_type"],
            "category_text": " ".join(row["category"]),
            "description": row["description"],
            "codes": [row[name] for name in ("ean", "model_number") if row[name]],
            "price": row["price"],
            "attributes": [
                {"name": name, "value": value} for name, value in row["attributes"].items()
            ],
        }
        for row in rows
    ]


def main() -> None:
    """Train, say how good the model is on held-out patterns, and write it."""
    books = phrase_books()
    queries = labelled(example_rounds(sample_shop_documents(), books, rounds=ROUNDS))
    # Measured without a fifth of the patterns, then trained on all of them.
    unseen = [each for each in queries if each.fold == FOLDS - 1]
    partial = train_intents([each for each in queries if each.fold != FOLDS - 1], books)
    report = measure_intents(partial, unseen)
    model = train_intents(queries, books)
    data = encode_intent_model(model)
    TARGET.write_bytes(data)
    print(
        f"{len(queries):,} queries, {len(model.weights):,} features, {len(data) / 1e3:.0f} kB; "
        f"temperature {model.temperature:.2f}"
    )
    print(
        f"{report.queries:,} queries of unseen patterns: accuracy {report.accuracy:.3f}, "
        f"calibration error {report.calibration_error:.3f}"
    )


if __name__ == "__main__":
    main()
