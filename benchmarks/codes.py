"""Measures whether a code that only attributes have finds its product.

    python -m benchmarks.codes INDEX [--sample 250] [--show 10] [--set NAME=VALUE]

Codes are drawn with a fixed seed from the values of text attributes: letters with digits, held by
three products at most, in whatever case, and in no title, description or code of any. Each is
searched as the catalogue writes it, in lower case, and, where it has hyphens, without them. A query
counts as good if the first hit is a product that holds the code. Printed with `codes` off and on.
"""

import argparse
import asyncio
import random
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from benchmarks.accessories import patient_settings
from query_understanding import CatalogueSource, QueryUnderstanding, create_chain, looks_like_a_code
from retrieval import SearchRequest
from search_core import unit_texts
from search_core.settings import Settings
from search_engine import scan_products
from shopkeeper.composition import open_retriever, search_engine_client

_FIELDS = ("id", "title", "description", "codes", "attributes")
_APART = re.compile(r"(?:[,;/()\s]|\\[nrt])+")
_HAS_A_LETTER = re.compile(r"[A-Za-z]")
_MOST_HOLDERS = 3
Codes = Mapping[str, frozenset[str]]
"""Code, as one of its products writes it → ids of the products that hold it, in whatever case."""


def attribute_codes(products: Iterable[Mapping[str, Any]]) -> Codes:
    """Return the codes that stand in attributes alone."""
    holders: defaultdict[str, set[str]] = defaultdict(set)
    written: dict[str, str] = {}
    said: list[str] = []
    for product in products:
        said += [product.get("title") or "", product.get("description") or ""]
        said += product.get("codes") or []
        for attribute in product.get("attributes") or ():
            value = attribute["value"]
            for part in _APART.split(value) if isinstance(value, str) else ():
                if looks_like_a_code(part) and _HAS_A_LETTER.search(part):
                    holders[part.lower()].add(product["id"])
                    written.setdefault(part.lower(), part)
    elsewhere = {each for text in said for each in unit_texts(text)}
    return {
        written[code]: frozenset(ids)
        for code, ids in sorted(holders.items())
        if len(ids) <= _MOST_HOLDERS and not elsewhere.issuperset(unit_texts(code))
    }


def spellings(code: str) -> dict[str, str]:
    """Return name of the spelling → how the code is typed."""
    found = {"as written": code, "lower case": code.lower()}
    if "-" in code:
        found["without hyphens"] = code.replace("-", "")
    return found


async def measured(
    index: str, settings: Settings, codes: Codes, *, on: bool
) -> dict[str, list[tuple[str, bool]]]:
    """Return name of the spelling → what was typed, and whether a holder stood first."""
    client = search_engine_client(settings)
    switched = settings.query_understanding.model_copy(update={"codes": on})
    understanding = QueryUnderstanding(create_chain(switched), CatalogueSource(client))
    results: defaultdict[str, list[tuple[str, bool]]] = defaultdict(list)
    async with open_retriever(settings) as retriever:
        await retriever.warm_up(index)
        for code, holders in codes.items():
            for name, typed in spellings(code).items():
                plan = await understanding.plan(index, typed)
                answer = await retriever.search(index, SearchRequest(plan=plan, size=1))
                first = {hit.product_id for hit in answer.hits}
                results[name].append((typed, bool(first & holders)))
    client.close()
    return results


def drawn(index: str, settings: Settings, sample: int) -> Codes:
    """Return some of an index's codes, always the same ones."""
    client = search_engine_client(settings)
    codes = attribute_codes(scan_products(client, index, _FIELDS))
    client.close()
    names = list(codes)
    if len(names) > sample:
        names = random.Random(1).sample(names, sample)
    return {name: codes[name] for name in names}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("index")
    parser.add_argument("--sample", type=int, default=250)
    parser.add_argument("--show", type=int, default=0)
    parser.add_argument("--set", dest="overrides", action="append", default=[])
    options = parser.parse_args()
    settings = patient_settings(dict(each.split("=", 1) for each in options.overrides))
    codes = drawn(options.index, settings, options.sample)
    print(f"{options.index}: {len(codes)} codes that only attributes have")
    for on in (False, True):
        results = asyncio.run(measured(options.index, settings, codes, on=on))
        for name, found in results.items():
            good = sum(first for _, first in found)
            share = good / len(found)
            print(f"codes {'on' if on else 'off'}, {name}: {good}/{len(found)} ({share:.1%}) first")
        for typed, _ in [each for found in results.values() for each in found if not each[1]][
            : options.show
        ]:
            print(f"  not first: {typed}")


if __name__ == "__main__":
    main()
