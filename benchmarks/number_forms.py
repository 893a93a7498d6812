"""Measures whether a plural finds what titles name in the singular, and the other way round.

    python -m benchmarks.number_forms INDEX [--show 10] [--set NAME=VALUE]

Each word whose two forms the index takes for two words, and whose other form stands in five titles
or more, is searched by itself. Counted are the hits among the first ten whose title has the word in
either form, as a share of those that could be there. Printed with `plurals` off and on.
"""

import argparse
import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from benchmarks.accessories import patient_settings
from query_understanding import CatalogueSource, QueryUnderstanding, create_chain
from retrieval import SearchRequest
from search_core import unit_texts
from search_core.settings import Settings
from search_engine import scan_products
from shopkeeper.composition import open_retriever, search_engine_client

_FIRST = 10
_FEWEST = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedForm:
    """A word as it is typed, the form that titles have, and how many have either."""

    typed: str
    other: str
    titles: int


def typed_forms(forms: Mapping[str, str], titles: Iterable[str]) -> list[TypedForm]:
    """Return the words that are searched, in alphabetical order."""
    words_of = [frozenset(unit_texts(title)) for title in titles]
    counts = Counter(word for words in words_of for word in words)
    return [
        TypedForm(
            typed=typed,
            other=other,
            titles=sum(typed in words or other in words for words in words_of),
        )
        for typed, other in sorted(forms.items())
        if counts[other] >= _FEWEST
    ]


def found_share(form: TypedForm, titles: Iterable[str]) -> float:
    """Return how many of the titles have the word, as a share of those that could."""
    having = sum(not {form.typed, form.other}.isdisjoint(unit_texts(each)) for each in titles)
    return having / min(_FIRST, form.titles)


async def measured(
    index: str, settings: Settings, forms: Iterable[TypedForm], *, on: bool
) -> dict[str, float]:
    """Return what was typed → the share that was found."""
    client = search_engine_client(settings)
    switched = settings.query_understanding.model_copy(update={"plurals": on})
    understanding = QueryUnderstanding(create_chain(switched), CatalogueSource(client))
    shares = {}
    async with open_retriever(settings) as retriever:
        await retriever.warm_up(index)
        for form in forms:
            plan = await understanding.plan(index, form.typed)
            answer = await retriever.search(index, SearchRequest(plan=plan, size=_FIRST))
            titles = [str(hit.document.get("title")) for hit in answer.hits]
            shares[form.typed] = found_share(form, titles)
    client.close()
    return shares


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("index")
    parser.add_argument("--show", type=int, default=0)
    parser.add_argument("--set", dest="overrides", action="append", default=[])
    options = parser.parse_args()
    settings = patient_settings(dict(each.split("=", 1) for each in options.overrides))
    client = search_engine_client(settings)
    known = CatalogueSource(client).catalogue(options.index).lexicon.number_forms
    products = scan_products(client, options.index, ("title",))
    forms = typed_forms(known, (str(each.get("title") or "") for each in products))
    client.close()
    print(f"{options.index}: {len(known)} forms, of which {len(forms)} are searched")
    for on in (False, True) if forms else ():
        shares = asyncio.run(measured(options.index, settings, forms, on=on))
        whole = sum(share >= 1 for share in shares.values())
        mean = sum(shares.values()) / len(shares)
        print(
            f"plurals {'on' if on else 'off'}: {mean:.1%} found, all ten for {whole}/{len(shares)}"
        )
        for typed, share in sorted(shares.items(), key=lambda each: each[1])[: options.show]:
            print(f"  {share:.0%} {typed}")


if __name__ == "__main__":
    main()
