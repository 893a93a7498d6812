"""How well products and category names are placed in a taxonomy, and how fast.

    python -m benchmarks.taxonomy [--shared ../shared/data] [--names 500] [--fit | --speed]

Products: those of the sample shop (and of the Chinese catalogue of the shared data, where it is
there), in a taxonomy made of the shop's own categories, which are hidden from the placer. Names:
categories and attribute values of the shared taxonomies, placed by their name in one language in
the taxonomy of another; several categories share a name, and any of them is right.

`--fit` fits the weights of the evidence by maximum likelihood, leaving out one catalogue at a time,
and prints what the catalogue that was left out gets by them.

`--speed` encodes the sample shop's English products and places them in the shared English taxonomy
with their vectors in the cache, as a reindex does. The two take turns, and the fastest of three
rounds counts; seconds of CPU, which other work on the machine moves less.
"""

import argparse
import json
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from artifacts import ArtifactStore, default_cache_dir
from encoders import create_text_encoder
from indexer import passage_text
from indexer.taxonomy import Category, CategoryPlacer, EvidenceWeights, Taxonomy, read_taxonomy
from search_core import Product, SilentProgress
from search_core.settings import EncoderSettings, IndexerSettings
from shopkeeper.sample_shop import products_path

CERTAINTY = IndexerSettings().taxonomy.certainty
ENGLISH = "all-minilm-l6-v2-int8"
CHINESE = "bge-small-zh-v1.5-int8"
MULTILINGUAL = "universal-sentence-encoder-multilingual"
NAME_PAIRS = (("zh-CN", "en"), ("es", "en"), ("ja", "en"), ("en", "zh-CN"), ("en", "es"))
BINS = 10


@dataclass(frozen=True, kw_only=True)
class Case:
    """Products whose categories are known, and where they are to be placed."""

    name: str
    model: str
    products: Sequence[Product]
    taxonomy: Taxonomy
    right: Sequence[frozenset[int]]
    """Of each product, the places in the taxonomy that count as right."""


def encoder(model: str):
    store = ArtifactStore(default_cache_dir(), SilentProgress())
    return create_text_encoder(EncoderSettings(model=model), ("en",), store, default_cache_dir())


def placer_of(case: Case, weights: EvidenceWeights | None = None) -> CategoryPlacer:
    return CategoryPlacer(case.taxonomy, encoder(case.model), IndexerSettings(), weights)


def sample_shop(language: str) -> list[Product]:
    rows = map(json.loads, products_path().read_text(encoding="utf-8").splitlines())
    return [
        Product(
            id=row["id"],
            title=row["title"],
            description=row["description"],
            product_type=row["product_type"],
            category_path=tuple(row["category"]),
        )
        for row in rows
        if row["language"] == language
    ]


def litemall(shared: Path) -> list[Product]:
    lines = (shared / "litemall_zh" / "products.jsonl").read_text(encoding="utf-8").splitlines()
    return [
        Product(
            id=row["id"],
            title=row["title"],
            description=row["brief"] or "",
            category_path=tuple(row["category"]),
        )
        for row in map(json.loads, lines)
    ]


def own_categories(name: str, model: str, products: list[Product], *, typed: bool = False) -> Case:
    taxonomy = Taxonomy(Category(id="", path=product.category_path) for product in products)
    places = {category.path: place for place, category in enumerate(taxonomy.categories)}
    return Case(
        name=name,
        model=model,
        products=[
            replace(each, category_path=(), product_type=each.product_type if typed else None)
            for each in products
        ],
        taxonomy=taxonomy,
        right=[frozenset({places[product.category_path]}) for product in products],
    )


def read_shared(shared: Path, language: str, kind: str) -> dict[str, tuple[str, ...]]:
    file = shared / "shopify_taxonomy" / f"{language}.{kind}.txt.gz"
    if kind == "categories":
        return {each.id: each.path for each in read_taxonomy(file).categories}
    # `ID : Value [Attribute]`: a taxonomy of attributes with their values.
    lines = (each for each in read_taxonomy(file).categories if each.name.endswith("]"))
    split = ((each.id, each.name[:-1].rpartition(" [")) for each in lines)
    return {identifier: (attribute, value) for identifier, (value, _, attribute) in split}


def across_languages(
    shared: Path, kind: str, asked: str, language: str, count: int, *, with_path: bool
) -> Case:
    names, targets = read_shared(shared, asked, kind), read_shared(shared, language, kind)
    taxonomy = Taxonomy(Category(id=key, path=path) for key, path in targets.items())
    places: dict[str, set[int]] = {}
    for place, category in enumerate(taxonomy.categories):
        places.setdefault(category.path if with_path else category.name, set()).add(place)
    chosen = random.Random(1).sample(sorted(names.keys() & targets.keys()), count)
    return Case(
        name=f"{kind.replace('_', ' ')} {asked} in {language}{', with path' if with_path else ''}",
        model=MULTILINGUAL,
        products=[
            Product(
                id=key,
                title=names[key][-1],
                product_type=names[key][-1],
                category_path=names[key] if with_path else (),
            )
            for key in chosen
        ],
        taxonomy=taxonomy,
        right=[
            frozenset(places[targets[key] if with_path else targets[key][-1]]) for key in chosen
        ],
    )


def calibration_error(confidences: Sequence[float], right: Sequence[bool]) -> float:
    """Expected calibration error in bins of equal width. Source: Guo et al. 2017."""
    sure, hits = np.asarray(confidences), np.asarray(right, float)
    bins = np.minimum((sure * BINS).astype(int), BINS - 1)
    gaps = [
        (bins == each).mean() * abs(sure[bins == each].mean() - hits[bins == each].mean())
        for each in set(bins.tolist())
    ]
    return float(sum(gaps))


def measured(case: Case, weights: EvidenceWeights | None = None) -> dict[str, float]:
    placer = placer_of(case, weights)
    places = {category.path: place for place, category in enumerate(case.taxonomy.categories)}
    ends = case.taxonomy.branch_ends
    ranked = placer.likeliest(case.products, 5)
    at = [
        [places[each.category.path] in right for each in row]
        for row, right in zip(ranked, case.right, strict=True)
    ]
    placed = [
        (
            each.confidence,
            any(
                places[each.category.path] <= place < ends[places[each.category.path]]
                for place in right
            ),
            len(each.category.path) / len(case.taxonomy.categories[min(right)].path),
        )
        for each, right in zip(placer.place(case.products, CERTAINTY), case.right, strict=True)
        if each is not None
    ]
    return {
        "products": len(case.products),
        "categories": len(case.taxonomy.categories),
        "accuracy@1": np.mean([row[0] for row in at]),
        "accuracy@5": np.mean([any(row) for row in at]),
        "ECE": calibration_error([row[0].confidence for row in ranked], [row[0] for row in at]),
        "placed": len(placed) / len(case.products),
        "right": np.mean([right for _, right, _ in placed]) if placed else float("nan"),
        "depth": np.mean([depth for _, _, depth in placed]) if placed else float("nan"),
        "ECE placed": calibration_error(
            [sure for sure, _, _ in placed], [right for _, right, _ in placed]
        )
        if placed
        else float("nan"),
    }


def evidence(case: Case) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Each kind of evidence by itself: float32, `(kinds, products, categories)`; and the places."""
    names = [each.name for each in fields(EvidenceWeights)]
    none = dict.fromkeys(names, 0.0)
    layers = []
    for name in names:
        placer = placer_of(case, EvidenceWeights(**{**none, name: 1.0}))
        layers.append(placer.scores(case.products))
    return np.stack(layers), np.array([min(right) for right in case.right])


def fit(cases: Sequence[tuple[NDArray[np.float32], NDArray[np.int64]]]) -> EvidenceWeights:
    from scipy.optimize import minimize  # noqa: PLC0415 - only for this

    def loss(weights: NDArray[np.float64]):
        total, gradient = 1e-3 * float(weights @ weights), 2e-3 * weights
        for layers, right in cases:
            scores = np.tensordot(weights.astype(np.float32), layers, axes=1)
            scores -= scores.max(axis=1, keepdims=True)
            odds = np.exp(scores)
            odds /= odds.sum(axis=1, keepdims=True)
            rows = np.arange(len(right))
            total -= np.log(odds[rows, right] + 1e-12).mean()
            gradient = gradient - (
                layers[:, rows, right] - np.einsum("nc,knc->kn", odds, layers)
            ).mean(axis=1)
        return total, gradient

    start = np.array([each.default for each in fields(EvidenceWeights)])
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=[(0, 10)] * len(start)).x
    return EvidenceWeights(
        **{
            each.name: round(float(w), 2)
            for each, w in zip(fields(EvidenceWeights), found, strict=True)
        }
    )


def product_cases(shared: Path) -> list[Case]:
    english, chinese = sample_shop("en"), sample_shop("zh")
    cases = [
        own_categories("sample shop, English", ENGLISH, english),
        own_categories("sample shop, English, type known", ENGLISH, english, typed=True),
        own_categories("sample shop, Chinese", CHINESE, chinese),
        own_categories("sample shop, Chinese, type known", CHINESE, chinese, typed=True),
    ]
    if shared.is_dir():
        cases.append(own_categories("Chinese catalogue", CHINESE, litemall(shared)))
    return cases


def name_cases(shared: Path, count: int) -> list[Case]:
    if not shared.is_dir():
        return []
    return [
        *(
            across_languages(shared, "categories", *pair, count, with_path=with_path)
            for pair in NAME_PAIRS
            for with_path in (False, True)
        ),
        *(
            across_languages(shared, "attribute_values", *pair, count, with_path=True)
            for pair in NAME_PAIRS[:3]
        ),
    ]


def print_speed(shared: Path) -> None:
    store = ArtifactStore(default_cache_dir(), SilentProgress())
    bare = create_text_encoder(EncoderSettings(model=ENGLISH), ("en",), store, None)
    taxonomy = read_taxonomy(shared / "shopify_taxonomy" / "en.categories.txt.gz")
    placer = CategoryPlacer(taxonomy, encoder(ENGLISH), IndexerSettings())
    whole = sample_shop("en")
    bared = [replace(each, product_type=None, category_path=()) for each in whole]
    for name, products in (("with type and category", whole), ("without", bared)):
        passages = [passage_text(product, IndexerSettings()) for product in products]
        placer.place(products, CERTAINTY)  # fills the cache
        encoding, placing = [], []
        for _ in range(3):
            began = time.process_time()
            bare.encode_passages(passages)
            between = time.process_time()
            placer.place(products, CERTAINTY)
            encoding.append(between - began)
            placing.append(time.process_time() - between)
        print(
            f"{len(products)} products {name}, {len(taxonomy.categories):,} categories, seconds of "
            f"CPU: encoding {min(encoding):.2f}, placing {min(placing):.2f} "
            f"({min(placing) / min(encoding):.0%})"
        )


def print_row(name: str, values: dict[str, float]) -> None:
    shown = "  ".join(
        f"{key} {value:,.0f}" if value > 1.5 else f"{key} {value:.3f}"
        for key, value in values.items()
    )
    print(f"{name}: {shown}", flush=True)


def print_fits(cases: Sequence[Case], catalogue_of: Callable[[Case], str]) -> None:
    layers = {case.name: evidence(case) for case in cases}
    for left_out in sorted({catalogue_of(case) for case in cases}):
        weights = fit([layers[case.name] for case in cases if catalogue_of(case) != left_out])
        print(f"\nwithout {left_out}: {weights}")
        for case in cases:
            if catalogue_of(case) == left_out:
                print_row(case.name, measured(case, weights))
    print(f"\nall: {fit(list(layers.values()))}")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--shared", type=Path, default=Path("../shared/data"))
    arguments.add_argument("--names", type=int, default=500)
    arguments.add_argument("--fit", action="store_true")
    arguments.add_argument("--speed", action="store_true")
    given = arguments.parse_args()
    if given.speed:
        print_speed(given.shared)
        return
    products = product_cases(given.shared)
    if given.fit:
        print_fits(products, lambda case: case.name.split(",")[0] + case.model)
        return
    for case in (*products, *name_cases(given.shared, given.names)):
        began = time.perf_counter()
        values = measured(case)
        print_row(case.name, {**values, "seconds": time.perf_counter() - began})


if __name__ == "__main__":
    main()
