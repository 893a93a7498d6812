"""The lexicon as bytes, for keeping it beside its generation."""

import dataclasses
from typing import Any

import orjson
import zstandard

from query_understanding.lexicon import AttributeValue, Joinable, Lexicon, NamedCount, ProductKind
from search_core import IndexingError

FORMAT = 1
"""Raised whenever an older lexicon could not be read as a newer one is."""


def encode_lexicon(lexicon: Lexicon) -> bytes:
    """Return a lexicon in the form that `decode_lexicon` reads."""
    tree = {field.name: getattr(lexicon, field.name) for field in dataclasses.fields(lexicon)}
    tree["word_kinds"] = {
        word: [number for pair in kinds.items() for number in pair]
        for word, kinds in lexicon.word_kinds.items()
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
    return Lexicon(
        **{
            **tree,
            "brands": {key: NamedCount(**each) for key, each in tree["brands"].items()},
            "kinds": tuple(
                ProductKind(**{**each, "attributes": tuple(each["attributes"])})
                for each in tree["kinds"]
            ),
            "kind_places": {key: tuple(each) for key, each in tree["kind_places"].items()},
            "word_kinds": {
                word: dict(zip(flat[::2], flat[1::2], strict=True))
                for word, flat in tree["word_kinds"].items()
            },
            "values": {
                key: tuple(AttributeValue(**each) for each in found)
                for key, found in tree["values"].items()
            },
            "joinables": {key: Joinable(**each) for key, each in tree["joinables"].items()},
        }
    )
