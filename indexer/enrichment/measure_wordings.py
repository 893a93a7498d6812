"""Sizes and amounts in the units that the catalogue did not choose."""

import re
from collections.abc import Iterator
from itertools import islice

from indexer.enrichment.read_product import ReadProduct, has_digit
from search_core import Attribute, Tag, TagKind, other_wordings, quantities

_MOST_TAGS = 4
_LOOKED_AT = 12
"""Attributes that are looked at: catalogues put what matters first, and packaging last."""
_LONGEST_VALUE = 40
_SURE = 0.9
_IN_A_ROW = re.compile(r"\d\s?[-–~x×*/]\s?$")
"""`12-17 kg` and `50 x 75 cm` say something only as a whole."""
_SPACED = re.compile(r"\d\s\d")
"""`12 256 GB` in a title is a model's number before a size, not twelve thousand."""


def measure_tags(read: ReadProduct) -> Iterator[Tag]:
    """Yield other wordings of the quantities in title and attributes, the title's first."""
    found = [
        (source, quantity)
        for source, text in _texts(read)
        if has_digit(text)
        for quantity in quantities(text)
        if not _SPACED.search(quantity.written) and not _IN_A_ROW.search(text[: quantity.start])
    ]
    said = {quantity.wording for _, quantity in found}
    wordings = (
        Tag(text=wording, kind=TagKind.MEASURE, source=source, confidence=_SURE)
        for source, quantity in found
        for wording in other_wordings(quantity)
        if wording not in said
    )
    yield from islice(wordings, _MOST_TAGS)


def _texts(read: ReadProduct) -> Iterator[tuple[str, str]]:
    yield "measures:title", read.product.title
    for key, attribute in zip(read.keys, read.product.attributes[:_LOOKED_AT], strict=False):
        text = _written(attribute)
        if len(text) <= _LONGEST_VALUE:
            yield f"measures:{key}", text


def _written(attribute: Attribute) -> str:
    if isinstance(attribute.value, bool):
        return ""
    if isinstance(attribute.value, str):
        return attribute.value
    return f"{attribute.value:g} {attribute.unit}" if attribute.unit else ""
