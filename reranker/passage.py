"""A product rendered as the text that the cross-encoder reads."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from search_core import attribute_key
from search_core.settings import RerankerSettings

_TITLE = "title"
_ATTRIBUTES = "attributes"
_PLAIN_FIELDS = frozenset({_TITLE, "product_type", "description"})
"""They speak for themselves; other fields stand behind their name."""
_CATEGORY = "category"


def passage_of(document: Mapping[str, Any], settings: RerankerSettings) -> str:
    """Return a product's passage: its fields in the order of the settings, joined by full stops.

    The title is never cut. Any other field is cut at a word, and left out when the passage has its
    words already: a cross-encoder's time grows with length, and repeated words are read as
    emphasis.

    Args:
        document: the stored product.
        settings: fields, their length, and how many attributes.
    """
    parts: list[str] = []
    said = ""
    for field in settings.passage_fields:
        for name, value in _texts(field, document, settings.passage_attributes):
            whole = " ".join(value.split())
            text = whole if name == _TITLE else _cut(whole, settings.passage_field_chars)
            if not text or text.casefold() in said:
                continue
            parts.append(text if name in _PLAIN_FIELDS else f"{name}: {text}")
            said = f"{said} {text.casefold()}"
    return ". ".join(parts)


def _texts(field: str, document: Mapping[str, Any], most: int) -> Iterator[tuple[str, str]]:
    """Yield the names and texts that a field of the settings stands for."""
    if field == _ATTRIBUTES:
        yield from _attributes(document, most)
    elif field == _CATEGORY:
        # Each step of the path is stored with the steps above it: the last one has them all.
        steps = document.get(_CATEGORY) or [""]
        yield _CATEGORY, str(steps[-1])
    elif field in document:
        yield field, _joined(document[field])
    else:
        key = attribute_key(field)
        found = [each for each in document.get(_ATTRIBUTES, ()) if _key(each) == key]
        if found:
            yield field.replace("_", " "), ", ".join(_value(each) for each in found)


def _attributes(document: Mapping[str, Any], most: int) -> Iterator[tuple[str, str]]:
    """Yield the first attributes that say something in words."""
    seen = 0
    for each in document.get(_ATTRIBUTES, ()):
        if seen == most:
            return
        value = _value(each)
        if value:
            seen += 1
            yield str(each["name"]).replace("_", " "), value


def _key(attribute: Mapping[str, Any]) -> str:
    return attribute_key(str(attribute["name"]))


def _value(attribute: Mapping[str, Any]) -> str:
    """Return a value as a shopper would write it; empty: it says nothing that could be read."""
    value = attribute["value"]
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, int | float):
        # A bare number is noise to a language model.
        return f"{value:g} {attribute['unit']}" if attribute.get("unit") else ""
    return str(value)


def _joined(value: object) -> str:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(str(each) for each in value)
    return "" if value is None else str(value)


def _cut(text: str, longest: int) -> str:
    """Return the start of a text, ending at a word where there is one."""
    if len(text) <= longest:
        return text
    words = text[: longest + 1].rsplit(" ", 1)
    return words[0] if len(words) == 2 and words[0] else text[:longest]
