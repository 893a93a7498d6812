"""Measures main products first, on queries that a catalogue's own fields give.

    python -m benchmarks.accessories INDEX [--told] [--sample 300] [--show 10] [--set NAME=VALUE]

How queries, main products and accessories are found: `benchmarks.accessory_cases`. A query counts
as good if no accessory among its first five hits stands above any main product, and a main product
is among them (`AccessoryCase.holds`). Printed for each sort of query: the share of good ones as
typed, and understood with `product_kinds` and `categories` both off, each alone, and both on. Of a
sort with more queries than `--sample`, that many are drawn with a fixed seed. With `--told`,
queries and accessories come from titles and descriptions alone (`benchmarks.told_accessories`).
"""

import argparse
import asyncio
import random
from collections.abc import Mapping, Sequence

from benchmarks.accessory_cases import AccessoryCase, accessory_cases
from benchmarks.told_accessories import told_cases
from query_understanding import CatalogueSource, QueryUnderstanding, create_chain
from retrieval import Retriever, SearchRequest
from search_core import QueryPlan
from search_core.settings import Settings
from search_engine import scan_products
from shopkeeper.composition import open_retriever, search_engine_client
from shopkeeper.configuration import load_settings

_FIELDS = ("id", "title", "product_type", "category", "attributes", "description")
_SORTS = ("fitted", "kind", "head", "told")
_PATIENT = {
    "retrieval.deadline_ms": "60000",
    "query_understanding.budget_ms": "60000",
    "query_understanding.unit_budget_ms": "60000",
}
_DEPTH = 100
SWITCHES: Mapping[str, Mapping[str, bool]] = {
    "as typed": {"enabled": False},
    "both off": {"product_kinds": False, "categories": False},
    "product_kinds alone": {"product_kinds": True, "categories": False},
    "categories alone": {"product_kinds": False, "categories": True},
    "both on": {"product_kinds": True, "categories": True},
}
Results = Mapping[str, Mapping[AccessoryCase, bool]]
"""Name of the switches → case → whether main products stood first."""


def cases_of(
    index: str, settings: Settings, sample: int, *, told: bool = False
) -> tuple[AccessoryCase, ...]:
    """Return the cases of an index, at most `sample` of a sort; `told`: those of its texts."""
    client = search_engine_client(settings)
    products = scan_products(client, index, _FIELDS)
    cases = told_cases(products) if told else accessory_cases(products)
    client.close()
    chosen: list[AccessoryCase] = []
    for sort in _SORTS:
        own = [each for each in cases if each.sort == sort]
        chosen += own if len(own) <= sample else random.Random(1).sample(own, sample)
    return tuple(chosen)


async def measured(
    index: str, settings: Settings, cases: Sequence[AccessoryCase], names: Sequence[str]
) -> Results:
    """Return for each of the named `SWITCHES` in which cases main products stand first."""
    client = search_engine_client(settings)
    catalogues = CatalogueSource(client)
    results = {}
    async with open_retriever(settings) as retriever:
        await retriever.warm_up(index)
        for name in names:
            switched = settings.query_understanding.model_copy(update=SWITCHES[name])
            understanding = QueryUnderstanding(create_chain(switched), catalogues)
            results[name] = {
                case: case.holds(await _ranked(retriever, index, understanding, case.query))
                for case in cases
            }
    client.close()
    return results


async def _ranked(
    retriever: Retriever, index: str, understanding: QueryUnderstanding, text: str
) -> tuple[str, ...]:
    plan: QueryPlan = await understanding.plan(index, text)
    answer = await retriever.search(index, SearchRequest(plan=plan, size=_DEPTH))
    return tuple(hit.product_id for hit in answer.hits)


def patient_settings(overrides: Mapping[str, str]) -> Settings:
    """Return the settings, without time limits: a slow machine is not what is measured."""
    return load_settings(None, {**_PATIENT, **overrides})


def _print(results: Results, show: int) -> None:
    for name, found in results.items():
        parts = []
        for sort in _SORTS:
            own = [good for case, good in found.items() if case.sort == sort]
            if own:
                parts.append(f"{sort} {sum(own)}/{len(own)} ({sum(own) / len(own):.1%})")
        good, count = sum(found.values()), len(found)
        print(f"{name:20} {', '.join(parts)}; together {good}/{count} ({good / count:.1%})")
    wrong = [case for case, good in results["both on"].items() if not good]
    for case in wrong[:show]:
        print(
            f"  not first with both on: {case.query} ({case.sort}; "
            f"{len(case.mains)} main products, {len(case.accessories)} accessories)"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("index")
    parser.add_argument("--told", action="store_true")
    parser.add_argument("--sample", type=int, default=300)
    parser.add_argument("--show", type=int, default=0)
    parser.add_argument("--set", dest="overrides", action="append", default=[])
    options = parser.parse_args()
    settings = patient_settings(dict(each.split("=", 1) for each in options.overrides))
    cases = cases_of(options.index, settings, options.sample, told=options.told)
    if not cases:
        print(
            f"{options.index}: the catalogue does not say of any two products what goes with what"
        )
        return
    _print(asyncio.run(measured(options.index, settings, cases, tuple(SWITCHES))), options.show)


if __name__ == "__main__":
    main()
