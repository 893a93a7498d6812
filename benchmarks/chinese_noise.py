"""Measures what slips of a pinyin keyboard cost on the Chinese titles of an index.

    python -m benchmarks.chinese_noise INDEX [--sample 200] [--seeds 3] [--set NAME=VALUE]
    python -m benchmarks.chinese_noise INDEX --clean zh-CN.categories.txt.gz [--sample 1500]

Queries are the last two to six Chinese characters of titles, and product types. Each is spoilt with
fixed seeds: one character becomes another common one (GB 2312, level 1) of the same pinyin without
tones; two characters become another word of Chinese of the same pinyin, the more likely the more
frequent it is; the last two characters are typed in pinyin; letters, digits and spaces become
full-width.
Printed for each way: how often the text becomes the clean query's, spaces aside, and how often
it is suggested, and how many of the clean query's first ten hits are kept, as typed and understood.

`--clean` takes a taxonomy of Shopify's in Chinese: names of its categories, most of which the
catalogue does not have, are no slips. Printed is how many are replaced or get a suggestion.
"""

import argparse
import asyncio
import gzip
import random
import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from itertools import product
from pathlib import Path

from pypinyin import lazy_pinyin
from rjieba import has_word, suggest_freq

from benchmarks.accessories import patient_settings
from query_understanding import CatalogueSource, QueryUnderstanding, create_chain
from retrieval import SearchRequest
from search_core import QueryPlan
from search_core.settings import Settings
from search_engine import scan_products
from shopkeeper.composition import open_retriever, search_engine_client

_NAME = re.compile("[\u4e00-\u9fff]{2,6}")
_TAIL = re.compile(r"(?:[A-Za-z0-9]+ ?)?[\u4e00-\u9fff]{2,6}$")
_PAIR = re.compile(r"[\u4e00-\u9fff]{2}")
_LEAST_FREQUENT = 20
"""In the corpus of jieba's dictionary: what is rarer is hardly offered."""
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_CUT = 10
_FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)} | {0x20: 0x3000}
Noise = Callable[[str, random.Random], str]


@cache
def _common_by_sound() -> Mapping[str, tuple[str, ...]]:
    """Return pinyin → the common characters that have it."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for high in range(0xB0, 0xD8):
        for low in range(0xA1, 0xFF):
            character = bytes((high, low)).decode("gb2312", errors="ignore")
            if character:
                found[lazy_pinyin(character)[0]].append(character)
    return {sound: tuple(characters) for sound, characters in found.items()}


def homophone(text: str, choose: random.Random) -> str:
    """Write one character as another that sounds the same."""
    at = choose.choice([match.start() for match in _CHINESE.finditer(text)])
    alike = [
        each for each in _common_by_sound().get(lazy_pinyin(text[at])[0], ()) if each != text[at]
    ]
    return text[:at] + choose.choice(alike) + text[at + 1 :] if alike else text


def other_word(text: str, choose: random.Random) -> str:
    """Write two characters as another word that sounds the same, as a pinyin keyboard offers it."""
    pairs = [
        match.start()
        for match in _CHINESE.finditer(text)
        if _words_like(text[match.start() : match.start() + 2])
    ]
    if not pairs:
        return text
    at = choose.choice(pairs)
    words = _words_like(text[at : at + 2])
    return text[:at] + choose.choices(list(words), list(words.values()))[0] + text[at + 2 :]


@cache
def _words_like(pair: str) -> Mapping[str, int]:
    """Return the other words of Chinese that sound like one, and how frequent they are."""
    if not (_PAIR.fullmatch(pair) and has_word(pair)):
        return {}
    first, second = (_common_by_sound().get(sound, ()) for sound in lazy_pinyin(pair))
    words = ("".join(each) for each in product(first, second))
    return {
        word: frequency
        for word in words
        if word != pair and has_word(word) and (frequency := suggest_freq(word)) >= _LEAST_FREQUENT
    }


def in_pinyin(text: str, choose: random.Random) -> str:
    """Type the last two characters in letters, as when the keyboard was not switched."""
    del choose
    return f"{text[:-2]} {''.join(lazy_pinyin(text[-2:]))}".strip()


def full_width(text: str, choose: random.Random) -> str:
    """Write letters, digits and spaces in full width."""
    del choose
    return text.translate(_FULL_WIDTH)


NOISES: Mapping[str, Noise] = {
    "one homophone": homophone,
    "another word": other_word,
    "two characters in pinyin": in_pinyin,
    "full width": full_width,
}


def queries_of(index: str, settings: Settings, sample: int) -> list[str]:
    """Return some ends of titles and product types, always the same ones."""
    client = search_engine_client(settings)
    texts: dict[str, None] = {}
    for document in scan_products(client, index, ("title", "product_type")):
        for text in (document.get("title"), document.get("product_type")):
            found = _TAIL.search(text or "")
            if found:
                texts[found[0]] = None
    client.close()
    known = sorted(texts)
    return known if len(known) <= sample else random.Random(1).sample(known, sample)


def clean_names(taxonomy: Path, sample: int) -> list[str]:
    """Return some names of categories of two to six Chinese characters, always the same ones."""
    with gzip.open(taxonomy, "rt", encoding="utf-8") as lines:
        last = {re.split("[:>]", line)[-1].strip() for line in lines}
    known = sorted(name for name in last if _NAME.fullmatch(name))
    return known if len(known) <= sample else random.Random(1).sample(known, sample)


async def measure_clean(index: str, settings: Settings, names: Sequence[str]) -> None:
    """Read names that are right, and print how many are not left as they are."""
    client = search_engine_client(settings)
    understanding = QueryUnderstanding(
        create_chain(settings.query_understanding), CatalogueSource(client)
    )
    plans = [await understanding.plan(index, name) for name in names]
    client.close()
    replaced = [each for each in plans if each.text != each.original_text]
    suggested = [each for each in plans if each.suggestion is not None and each not in replaced]
    print(
        f"{len(names)} right names: {len(replaced)} replaced ({len(replaced) / len(names):.1%}), "
        f"{len(suggested)} with a suggestion"
    )


async def measured(index: str, settings: Settings, queries: Sequence[str], seeds: int) -> None:
    """Search each query clean and spoilt, and print what is kept."""
    client = search_engine_client(settings)
    understanding = QueryUnderstanding(
        create_chain(settings.query_understanding), CatalogueSource(client)
    )
    async with open_retriever(settings) as retriever:
        await retriever.warm_up(index)

        async def first(plan: QueryPlan) -> set[str]:
            answer = await retriever.search(index, SearchRequest(plan=plan, size=_CUT))
            return {hit.product_id for hit in answer.hits}

        for name, noise in NOISES.items():
            rows: list[tuple[float, ...]] = []
            for seed in range(seeds if noise in (homophone, other_word) else 1):
                choose = random.Random(seed)
                for query in queries:
                    typed = noise(query, choose)
                    clean = await understanding.plan(index, query)
                    wanted = await first(clean)
                    if typed == query or not wanted:
                        continue
                    plan = await understanding.plan(index, typed)
                    plain = await first(QueryPlan.plain(typed))
                    kept = [len(wanted & each) / len(wanted) for each in (plain, await first(plan))]
                    same = plan.text.replace(" ", "") == clean.text.replace(" ", "")
                    offered = (plan.suggestion or "").replace(" ", "")
                    suggested = not same and offered == clean.text.replace(" ", "")
                    rows.append((float(same), float(suggested), *kept))
            _print(name, rows)
    client.close()


def _print(name: str, rows: Sequence[Sequence[float]]) -> None:
    if not rows:
        print(f"{name}: no query has anything to spoil")
        return
    exact, offered, plain, understood = (
        sum(column) / len(rows) for column in zip(*rows, strict=True)
    )
    print(
        f"{name} ({len(rows)} spoilt queries): put right {exact:.0%}, suggested "
        f"{offered:.0%}; of the clean query's first ten hits kept {plain:.0%} as "
        f"typed, {understood:.0%} understood"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("index")
    parser.add_argument("--sample", type=int, default=200)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--set", dest="overrides", action="append", default=[])
    parser.add_argument("--clean", type=Path)
    options = parser.parse_args()
    settings = patient_settings(dict(each.split("=", 1) for each in options.overrides))
    if options.clean is not None:
        names = clean_names(options.clean, options.sample)
        asyncio.run(measure_clean(options.index, settings, names))
        return
    queries = queries_of(options.index, settings, options.sample)
    print(f"{options.index}: {len(queries)} queries")
    asyncio.run(measured(options.index, settings, queries, options.seeds))


if __name__ == "__main__":
    main()
