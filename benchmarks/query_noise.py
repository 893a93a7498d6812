"""Measures what typing errors cost: nDCG@10 of misspelt queries against that of the clean ones.

    python -m benchmarks.query_noise INDEX JUDGMENTS.csv [--seeds 3] [--first-seed 0]
        [--set NAME=VALUE]

Each query is spoilt in four ways, with a fixed seed: one typing error, two, two words run together,
one word torn apart. Only queries that changed count. For each way it prints nDCG@10 of the clean
query, of the spoilt one as typed, and of the spoilt one understood, and the same on judged hits
alone.
"""

import argparse
import asyncio
import math
import random
import string
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from evaluation import JudgedQuery, Judgments, read_judgments
from query_understanding import CatalogueSource, QueryUnderstanding, create_chain
from retrieval import SearchRequest
from search_core import QueryPlan
from search_core.settings import Settings
from shopkeeper.composition import open_retriever, search_engine_client
from shopkeeper.configuration import load_settings

_PATIENT = {
    "retrieval.deadline_ms": "60000",
    "query_understanding.budget_ms": "60000",
    "query_understanding.unit_budget_ms": "60000",
}
_DEPTH = 300
_CUT = 10
Noise = Callable[[str, random.Random], str]
Ask = Callable[[str], Awaitable[tuple[str, ...]]]


def with_typing_error(word: str, choose: random.Random) -> str:
    """Leave out, add, replace or swap a letter, not the first."""
    if len(word) < 2:
        return word
    place = choose.randrange(1, len(word))
    letter = choose.choice(string.ascii_lowercase)
    return choose.choice(
        (
            word[:place] + word[place + 1 :],
            word[:place] + letter + word[place:],
            word[:place] + letter + word[place + 1 :],
            word[: place - 1] + word[place] + word[place - 1] + word[place + 1 :],
        )
    )


def _long_words(words: Sequence[str], shortest: int) -> list[int]:
    return [
        at
        for at, word in enumerate(words)
        if len(word) >= shortest and word.isalpha() and word.isascii()
    ]


def _mistyped(errors: int) -> Noise:
    def spoilt(text: str, choose: random.Random) -> str:
        words = text.split()
        for _ in range(errors):
            long = _long_words(words, 4)
            if long:
                at = choose.choice(long)
                words[at] = with_typing_error(words[at], choose)
        return " ".join(words)

    return spoilt


def _torn(text: str, choose: random.Random) -> str:
    words = text.split()
    long = _long_words(words, 6)
    if not long:
        return text
    at = choose.choice(long)
    place = choose.randint(3, len(words[at]) - 3)
    return " ".join([*words[:at], words[at][:place], words[at][place:], *words[at + 1 :]])


def _joined(text: str, choose: random.Random) -> str:
    words = text.split()
    if len(words) < 2:
        return text
    at = choose.randrange(len(words) - 1)
    return " ".join([*words[:at], words[at] + words[at + 1], *words[at + 2 :]])


NOISES: dict[str, Noise] = {
    "1 error": _mistyped(1),
    "2 errors": _mistyped(2),
    "words joined": _joined,
    "a word split": _torn,
}


def ndcg(ids: Sequence[str], grades: dict[str, int], *, judged: bool) -> float:
    found = [each for each in ids if not judged or each in grades][:_CUT]
    best = sorted(grades.values(), reverse=True)[:_CUT]

    def gain(values: Sequence[int]) -> float:
        return sum(value / math.log2(rank + 2) for rank, value in enumerate(values))

    return gain([grades.get(each, 0) for each in found]) / gain(best)


async def measured(index: str, path: Path, seeds: range, settings: Settings) -> None:
    judgments = read_judgments(path).checked()
    queries = judgments.measurable()
    catalogues = CatalogueSource(search_engine_client(settings))
    understanding = QueryUnderstanding(create_chain(settings.query_understanding), catalogues)
    async with open_retriever(settings) as retriever:
        await retriever.warm_up(index)

        async def found(plan: QueryPlan) -> tuple[str, ...]:
            response = await retriever.search(index, SearchRequest(plan=plan, size=_DEPTH))
            return tuple(hit.product_id for hit in response.hits)

        async def plain(text: str) -> tuple[str, ...]:
            return await found(QueryPlan.plain(text))

        async def understood(text: str) -> tuple[str, ...]:
            return await found(await understanding.plan(index, text))

        clean = {query: await understood(query.text) for query in queries}
        for name, noise in NOISES.items():
            rows: list[list[float]] = []
            for seed in seeds:
                choose = random.Random(seed)
                for query in queries:
                    text = noise(query.text, choose)
                    if text == query.text:
                        continue
                    answers = (clean[query], await plain(text), await understood(text))
                    rows.append(_scores(answers, query, judgments))
            _print(name, rows)


def _scores(
    answers: Sequence[Sequence[str]], query: JudgedQuery, judgments: Judgments
) -> list[float]:
    grades = dict(judgments.grades(query))
    return [ndcg(ids, grades, judged=judged) for judged in (False, True) for ids in answers]


def _print(name: str, rows: Sequence[Sequence[float]]) -> None:
    means = [sum(column) / len(rows) for column in zip(*rows, strict=True)]
    print(
        f"{name} ({len(rows)} spoilt queries): nDCG@10 clean {means[0]:.3f}, as typed "
        f"{means[1]:.3f}, understood {means[2]:.3f} ({means[2] / means[0]:.0%} of clean); judged "
        f"hits alone {means[3]:.3f}, {means[4]:.3f}, {means[5]:.3f} ({means[5] / means[3]:.0%})"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("index")
    parser.add_argument("judgments", type=Path)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--set", dest="overrides", action="append", default=[])
    options = parser.parse_args()
    overrides = dict(each.split("=", 1) for each in options.overrides)
    settings = load_settings(None, {**_PATIENT, **overrides})
    seeds = range(options.first_seed, options.first_seed + options.seeds)
    asyncio.run(measured(options.index, options.judgments, seeds, settings))


if __name__ == "__main__":
    main()
