"""The lexicon as bytes, for keeping it beside its generation."""

import dataclasses
from typing import Any

import orjson
import zstandard

from query_understanding.lexicon.lexicon import (
    AttributeValue,
    CategoryCalibration,
    Joinable,
    Lexicon,
    MeasuredAttribute,
    NamedCount,
    ProductKind,
)
from search_core import IndexingError

FORMAT = 1
"""Raised whenever an older lexicon could not be read as a newer one is."""


def encode_lexicon(lexicon: Lexicon) -> bytes:
    """Return a lexicon in the form that `decode_lexicon` reads."""
    tree = {field.name: getattr(lexicon, field.name) for field in dataclasses.fields(lexicon)}
    for name in ("word_kinds", "pair_kinds"):
        tree[name] = {
            words: [number for pair in kinds.items() for number in pair]
            for words, kinds in getattr(lexicon, name).items()
        }
    data = orjson.dumps({"format": FORMAT, "lexicon": tree})
    return zstandard.ZstdCompressor(level=6).compress(data)


def decode_lexicon(data: bytes) -> Lexicon:
    """Read a lexicon.

    Raises:
        IndexingError: the bytes are no lexicon, or one of another version.
    """
    try:
        tree = orjson.loads(zstandard.ZstdDecompressor().decompress(data))
    except (zstandard.ZstdError, orjson.JSONDecodeError) as error:
        raise _unreadable("damaged") from error
    if tree.get("format") != FORMAT:
        raise _unreadable(f"of format {tree.get('format')}, not {FORMAT}")
    return _lexicon(tree["lexicon"])


def _unreadable(what: str) -> IndexingError:
    return IndexingError(
        f"the generation's lexicon is {what}",
        remedy="learn it anew: `shopkeeper understand learn --index INDEX`",
    )


def _lexicon(tree: dict[str, Any]) -> Lexicon:
    known = {field.name for field in dataclasses.fields(Lexicon)}
    return Lexicon(
        **{
            # What a newer version has learned besides is left alone.
            **{name: each for name, each in tree.items() if name in known},
            "brands": {key: NamedCount(**each) for key, each in tree["brands"].items()},
            "kinds": tuple(
                ProductKind(
                    **{
                        **each,
                        "attributes": tuple(each["attributes"]),
                        "path": tuple(each.get("path", ())),
                    }
                )
                for each in tree["kinds"]
            ),
            "kind_places": {key: tuple(each) for key, each in tree["kind_places"].items()},
            "counterparts": tuple((one, other) for one, other in tree.get("counterparts", ())),
            "word_kinds": _counts(tree["word_kinds"]),
            "pair_kinds": _counts(tree.get("pair_kinds", {})),
            "category_calibration": CategoryCalibration(**tree.get("category_calibration", {})),
            "values": {
                key: tuple(AttributeValue(**each) for each in found)
                for key, found in tree["values"].items()
            },
            "fitted": {
                name: tuple(AttributeValue(**each) for each in stated)
                for name, stated in tree.get("fitted", {}).items()
            },
            "measured": tuple(MeasuredAttribute(**each) for each in tree.get("measured", ())),
            "joinables": {key: Joinable(**each) for key, each in tree["joinables"].items()},
        }
    )


def _counts(flat: dict[str, list[int]]) -> dict[str, dict[int, int]]:
    return {
        words: dict(zip(numbers[::2], numbers[1::2], strict=True))
        for words, numbers in flat.items()
    }
