"""Measures how many misspelt words of the grammar are put right: `betwen 100 and 200`.

    python -m benchmarks.operators INDEX [--seeds 5] [--set NAME=VALUE]
    python -m benchmarks.operators INDEX --clean FILE ...

Phrases that say prices, ranges and what is not wanted stand behind names of the index's kinds of
product. One word of each phrase gets one typing error (a letter left out, added, replaced or
swapped; two in words of eight letters or more with `--errors 2`), with fixed seeds. A query is read
right if its filters and boosts are those of the clean one. Printed is the share of these without
`query_understanding.operators` and with it.

`--clean` takes files of queries, one a line: none of them should be changed.
"""

import argparse
import asyncio
import random
from collections.abc import Sequence
from pathlib import Path

from benchmarks.accessories import patient_settings
from benchmarks.query_noise import with_typing_error
from query_understanding import CatalogueSource, QueryUnderstanding, create_chain
from search_core import QueryPlan
from search_core.settings import Settings
from shopkeeper.composition import search_engine_client

_PHRASES = (
    "under 500", "below $80", "less than 60", "cheaper than 90 euros", "between 100 and 200",
    "between $20 and $50", "around 150", "about 40 euros", "approximately 300", "roughly 70",
    "over 250", "above $99", "more than 120", "exceeding 400", "at least 75", "at most 65",
    "minimum 30 euros", "maximum 45", "within 350", "starting from 25", "no more than 110",
    "under 2 kg", "at least 16 gb", "minimum 8 gb", "larger than 24 inch", "lighter than 3 kg",
    "shorter than 90 cm", "between 20 and 30 cm", "without lace", "without leather",
    "excluding plastic", "except wool",
)  # fmt: skip
_SHORTEST = 4
_TWO_ERRORS_FROM = 8


def cases(kinds: Sequence[str], seeds: int, errors: int) -> list[tuple[str, str]]:
    """Return spoilt queries with the clean ones."""
    found = []
    for seed in range(seeds):
        choose = random.Random(seed)
        for phrase in _PHRASES:
            words = phrase.split()
            shortest = _TWO_ERRORS_FROM if errors > 1 else _SHORTEST
            # What is not wanted is no word of the grammar.
            places = [
                at
                for at, word in enumerate(words)
                if word.isalpha() and len(word) >= shortest and word in _said()
            ]
            if not places:
                continue
            at = choose.choice(places)
            spoilt = words[at]
            for _ in range(errors):
                spoilt = with_typing_error(spoilt, choose)
            kind = choose.choice(kinds).lower()
            if spoilt != words[at]:
                typed = " ".join([*words[:at], spoilt, *words[at + 1 :]])
                found.append((f"{kind} {typed}", f"{kind} {phrase}"))
    return found


def _said() -> frozenset[str]:
    """Return the words of the phrases by which a bound or a denial is said."""
    return frozenset(
        phrase.split()[at] for phrase in _PHRASES for at in range(len(phrase.split()) - 1)
    )


async def measure(index: str, settings: Settings, seeds: int, errors: int) -> None:
    """Read each query spoilt and clean, without the unit and with it."""
    client = search_engine_client(settings)
    catalogues = CatalogueSource(client)
    kinds = [kind.name for kind in catalogues.catalogue(index).lexicon.kinds if kind.name.isascii()]
    queries = cases(kinds[:100], seeds, errors)
    for label, on in (("without", False), ("with", True)):
        switched = settings.query_understanding.model_copy(update={"operators": on})
        understanding = QueryUnderstanding(create_chain(switched), catalogues)
        right = 0
        missed = []
        for typed, clean in queries:
            read, wanted = [await understanding.plan(index, text) for text in (typed, clean)]
            same = _bounds(read) == _bounds(wanted)
            right += same
            if not same:
                missed.append(typed)
        print(
            f"{label} operators: {right} of {len(queries)} read right ({right / len(queries):.1%})"
        )
    print("missed:", "; ".join(missed))
    client.close()


def _bounds(plan: QueryPlan) -> tuple[object, ...]:
    """Return what the grammar made of a query; what is preferred hangs on other words as well."""
    denied = tuple(each for each in plan.boosts if each.reason.startswith(("has ", "says without")))
    return (plan.filters, tuple(each.filter for each in plan.inferred_filters), denied)


async def measure_clean(index: str, settings: Settings, paths: Sequence[Path]) -> None:
    """Print which right queries are changed."""
    client = search_engine_client(settings)
    understanding = QueryUnderstanding(
        create_chain(settings.query_understanding), CatalogueSource(client)
    )
    for path in paths:
        texts = [each for each in path.read_text(encoding="utf-8").splitlines() if each.strip()]
        changed = []
        for text in texts:
            plan = await understanding.plan(index, text)
            changed += [each.message for each in plan.log if each.rewriter == "operators"]
        print(f"{path.name}: {len(changed)} of {len(texts)} changed {changed[:5] or ''}")
    client.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("index")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--errors", type=int, choices=(1, 2), default=1)
    parser.add_argument("--clean", type=Path, nargs="+")
    parser.add_argument("--set", dest="overrides", action="append", default=[])
    options = parser.parse_args()
    settings = patient_settings(dict(each.split("=", 1) for each in options.overrides))
    if options.clean:
        asyncio.run(measure_clean(options.index, settings, options.clean))
    else:
        asyncio.run(measure(options.index, settings, options.seeds, options.errors))


if __name__ == "__main__":
    main()
