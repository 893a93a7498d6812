"""The fields of a product that change by the hour, and the hashes that tell what else has changed.

A change of a live field alone is written without touching a product's text, tags or vector. Two
numbers in each document say what the rest was made of, so that an update need not read documents
back to see which of them are out of date (ADR 0021).
"""

import hashlib
from dataclasses import replace
from typing import Any

import orjson

from search_core import Product

LIVE_FIELDS = ("price", "currency", "available", "rating", "popularity")
"""Neither searched as text, nor encoded, nor tagged."""

SOURCE_HASH_FIELD = "source_hash"
"""Of the catalogue's row; `NO_SOURCE` after a change that came by another way."""
CONTENT_HASH_FIELD = "content_hash"
"""Of all of the product but its live fields and its tags."""
HASH_FIELDS = (SOURCE_HASH_FIELD, CONTENT_HASH_FIELD)

NO_SOURCE = 0
"""Equals no row's hash: the next update of the whole catalogue looks at the product again."""

_VERSION = b"1:"
"""Raised whenever the same product would give another document."""


def hash_of(content: bytes) -> int:
    """Return a hash that fits OpenSearch's `long` and is never `NO_SOURCE`.

    64 bits: what is compared are two states of one product, which agree by chance once in 10^19.
    """
    digest = hashlib.blake2b(content, digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True) or 1


def content_hash(product: Product) -> int:
    """Return the hash of what a product's text, tags and vector are made of, and of its links."""
    fixed = replace(
        product,
        price=None,
        currency=None,
        available=None,
        rating=None,
        popularity=None,
        source_hash=None,
        tags=(),
    )
    return hash_of(_VERSION + orjson.dumps(fixed, default=str))


def live_document(product: Product) -> dict[str, Any]:
    """Return the part of a document that a change of live fields writes.

    What the product no longer has is written as `None`, which OpenSearch treats as absent.
    """
    values: dict[str, Any] = {name: getattr(product, name) for name in LIVE_FIELDS}
    values[SOURCE_HASH_FIELD] = product.source_hash or NO_SOURCE
    return values
