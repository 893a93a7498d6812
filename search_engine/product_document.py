"""A product as the document that OpenSearch stores."""

import re
from itertools import islice
from typing import TYPE_CHECKING, Any

from search_core import THESAURUS, Attribute, Product, Tag
from search_engine.attribute_terms import attribute_text, number_term, value_term
from search_engine.index_body import LISTED_CODES_FIELD, THESAURUS_FIELD, VECTOR_FIELD
from search_engine.live_fields import CONTENT_HASH_FIELD, SOURCE_HASH_FIELD, content_hash

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

CATEGORY_SEPARATOR = " > "

_LONGEST_ATTRIBUTE_TEXT = 300
"""Characters of an attribute's value that are searched: longer ones are care instructions and legal
notes, whose words match everything. The rest is searched for codes: lists of models are long."""
_MOST_LISTED_CODES = 1_000
_LISTED_CODE = re.compile(
    r"(?<![^\s,;/()])(?=[^\s,;/()]*[A-Za-z])(?=[^\s,;/()]*\d)[^\s,;/()]{3,40}(?![^\s,;/()])"
)
"""Letters with digits, as models stand in a list."""
_WRITTEN_BREAK = re.compile(r"\\[nrt]")
"""As some exports write the end of a line: a backslash and a letter."""

_LONGEST_ATTRIBUTE_TERM = 200
"""Characters up to which a value can be filtered by and counted."""


def product_document(
    product: Product, vector: "NDArray[np.float32] | NDArray[np.int8] | None" = None
) -> dict[str, Any]:
    """Return the body of an index request for a product.

    Fields that the product lacks are left out. The vector stays a numpy row, for orjson to write.
    """
    document: dict[str, Any] = {
        "id": product.id,
        "title": product.title,
        "description": product.description or None,
        "brand": product.brand,
        "category": category_prefixes(product.category_path),
        "category_text": " ".join(product.category_path) or None,
        "product_type": product.product_type,
        "codes": list(product.codes),
        "codes_text": " ".join(product.codes) or None,
        "price": product.price,
        "currency": product.currency,
        "available": product.available,
        "rating": product.rating,
        "popularity": product.popularity,
        "released": product.released.isoformat() if product.released else None,
        "language": product.language,
        # A product without variants is a group of its own, so that results collapse by one field.
        "variant_group": product.variant_group or product.id,
        "image_url": product.image_url,
        "url": product.url,
        **_attribute_fields(product.attributes),
        **tag_fields(product.tags),
    }
    document = {name: value for name, value in document.items() if value not in (None, [])}
    if product.source_hash is not None:
        document[SOURCE_HASH_FIELD] = product.source_hash
        document[CONTENT_HASH_FIELD] = content_hash(product)
    if vector is not None:
        document[VECTOR_FIELD] = vector
    return document


def category_prefixes(path: tuple[str, ...]) -> list[str]:
    """Return every step of a category path from its root, so that a filter on a step finds all
    below it: `Shoes`, `Shoes > Boots`.
    """  # noqa: D205 - one sentence
    return [CATEGORY_SEPARATOR.join(path[: depth + 1]) for depth in range(len(path))]


def tag_fields(tags: tuple[Tag, ...]) -> dict[str, Any]:
    """Return the fields of a product's tags: two to be searched, one to be shown and corrected."""
    named = [tag.text for tag in tags if tag.source.startswith(THESAURUS)]
    others = [tag.text for tag in tags if not tag.source.startswith(THESAURUS)]
    return {
        "tags_text": " ; ".join(others) or None,
        THESAURUS_FIELD: " ; ".join(named) or None,
        "tags": [
            {
                "text": tag.text,
                "kind": tag.kind.value,
                "source": tag.source,
                "confidence": tag.confidence,
            }
            for tag in tags
        ],
    }


def _listed_codes(text: str) -> list[str]:
    r"""Return the codes of a value that its searched beginning does not have as words.

    They end beyond it, or stand in a list with written line breaks: `EB-10\nEB-20` has no EB-20.
    """
    apart = _WRITTEN_BREAK.sub("  ", text) if "\\" in text else text
    if len(text) <= _LONGEST_ATTRIBUTE_TEXT and apart == text:
        return []
    found = _LISTED_CODE.finditer(apart)
    return [each[0] for each in found if apart != text or each.end() > _LONGEST_ATTRIBUTE_TEXT]


def _attribute_fields(attributes: tuple[Attribute, ...]) -> dict[str, Any]:
    values: dict[str, None] = {}
    numbers: dict[str, None] = {}
    texts: dict[str, None] = {}
    codes: dict[str, None] = {}
    for attribute in attributes:
        text = attribute_text(attribute)
        if len(text) <= _LONGEST_ATTRIBUTE_TERM:
            values[value_term(attribute.name, text)] = None
        if isinstance(attribute.value, bool):
            # "touchscreen: true" is found by its name; "false" must not be.
            if attribute.value:
                texts[attribute.name.replace("_", " ")] = None
            continue
        if isinstance(attribute.value, float | int):
            numbers[number_term(attribute.name, float(attribute.value))] = None
            if attribute.unit is None:
                continue  # a bare number says nothing to a text query
        texts[text[:_LONGEST_ATTRIBUTE_TEXT]] = None
        codes |= dict.fromkeys(_listed_codes(text))
    return {
        "attribute_values": list(values),
        "attribute_numbers": list(numbers),
        "attributes_text": " ; ".join(texts) or None,
        LISTED_CODES_FIELD: " ; ".join(islice(codes, _MOST_LISTED_CODES)) or None,
        "attributes": [
            {"name": a.name, "value": a.value, **({"unit": a.unit} if a.unit else {})}
            for a in attributes
        ],
    }
