"""What the values of one field look like, from a sample."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from indexer.attribute_reader import name_and_value, parse_boolean
from indexer.field_names import ATTRIBUTE_CONTAINERS, name_key
from indexer.field_values import parse_availability, parse_date
from indexer.number_parsing import parse_number, parse_price
from indexer.rows import Row

_MAX_VALUES = 400
"""Values of a field that are looked at closely."""
_URL = re.compile(r"(?:https?:)?//\S+", re.IGNORECASE)
_IMAGE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|bmp|svg)(?:[?#]\S*)?$", re.IGNORECASE)
_CODE = re.compile(r"(?=.*\d)[A-Za-z0-9][A-Za-z0-9._/#+-]*")
_HTML = re.compile(r"</?[a-zA-Z][^<>]*>")
_CJK = re.compile(r"[\u3041-\u30ff\u4e00-\u9fff]")
PATH_SEPARATORS = (" > ", " / ", " | ", " » ", ">", "/", "|", "»")


@dataclass(slots=True)
class FieldEvidence:
    """Counts over the filled values of one field."""

    name: str
    filled: int = 0
    rows: int = 0
    """Rows of the sample."""
    kinds: dict[str, int] = field(default_factory=dict)
    """By JSON type: text, number, boolean, list, object, pairs."""
    texts: list[str] = field(default_factory=list)
    numbers: list[float] = field(default_factory=list)
    distinct: set[str] = field(default_factory=set)
    examples: list[str] = field(default_factory=list)
    counted: int = 0
    shares: dict[str, float] = field(default_factory=dict)
    mean_words: float = 0.0
    mean_chars: float = 0.0

    @property
    def coverage(self) -> float:
        """Share of the rows that fill the field."""
        return self.filled / max(1, self.rows)

    @property
    def distinct_share(self) -> float:
        """Share of the values looked at that differ."""
        return len(self.distinct) / max(1, self.counted)

    def share(self, trait: str) -> float:
        """Share of the values that have a trait: see `_TRAITS`."""
        return self.shares.get(trait, 0.0)

    def kind_share(self, kind: str) -> float:
        """Share of the values that are of a JSON type."""
        return self.kinds.get(kind, 0) / max(1, self.filled)

    def add(self, value: Any) -> None:  # noqa: ANN401 - any JSON value
        """Count one filled value."""
        self.filled += 1
        kind = _kind(value)
        self.kinds[kind] = self.kinds.get(kind, 0) + 1
        if self.counted >= _MAX_VALUES:
            return
        for scalar in (value if kind == "list" else [value])[:5] if kind != "pairs" else []:
            if isinstance(scalar, (str, int, float)):
                self._add_scalar(scalar)
        if len(self.examples) < 3:
            text = str(value)
            if text not in self.examples:
                self.examples.append(text)

    def _add_scalar(self, scalar: str | float) -> None:
        self.counted += 1
        self.distinct.add(str(scalar)[:200])
        if isinstance(scalar, str):
            self.texts.append(scalar.strip())
        elif not isinstance(scalar, bool):
            self.numbers.append(float(scalar))

    def finish(self) -> None:
        """Work out shares and means, once all values are counted."""
        total = max(1, self.counted)
        for trait, has in _TRAITS.items():
            self.shares[trait] = sum(map(has, self.texts)) / total
        self.shares["number"] = self.shares["number_text"] + len(self.numbers) / total
        if self.texts:
            self.mean_words = sum(map(word_count, self.texts)) / len(self.texts)
            self.mean_chars = sum(map(len, self.texts)) / len(self.texts)


def word_count(text: str) -> int:
    """Count words; in Chinese and Japanese, where none are parted, two characters are a word."""
    return len(_CJK.sub(" ", text).split()) + len(_CJK.findall(text)) // 2


def is_product_number(text: str) -> bool:
    """Tell a GTIN (EAN, UPC, ISBN-13) by its length and check digit."""
    if len(text) not in (8, 12, 13, 14) or not (text.isascii() and text.isdigit()):
        return False
    digits = [int(digit) for digit in reversed(text)]
    return (sum(digits[0::2]) + 3 * sum(digits[1::2])) % 10 == 0


def _is_path(separator: str, text: str) -> bool:
    return separator in text.strip(separator) and "://" not in text


_TRAITS: dict[str, Callable[[str], bool]] = {
    "url": lambda text: bool(_URL.match(text)),
    "image": lambda text: bool(_IMAGE.search(text)),
    "code": lambda text: bool(_CODE.fullmatch(text)) and parse_date(text) is None,
    "gtin": is_product_number,
    "html": lambda text: bool(_HTML.search(text)),
    "number_text": lambda text: parse_number(text) is not None,
    "price": lambda text: len(text) < 30 and parse_price(text) is not None,
    "date": lambda text: parse_date(text) is not None,
    "boolean": lambda text: parse_boolean(text) is not None,
    "availability": lambda text: parse_availability(text) is not None,
    "leading_zero": lambda text: len(text) > 1 and text[0] == "0" and text.isdigit(),
    **{f"path {separator}": partial(_is_path, separator) for separator in PATH_SEPARATORS},
}


def _kind(value: object) -> str:
    if isinstance(value, str):
        return "text"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, (int, float)):
        return "number"
    if isinstance(value, list):
        filled = [item for item in value if item is not None]
        if filled and all(name_and_value(item) is not None for item in filled):
            return "pairs"
        return "list"
    return "object"


def gather_evidence(rows: Iterable[Row]) -> dict[str, FieldEvidence]:
    """Look at all fields of the sample, those inside of objects by their paths.

    Objects that hold attributes, by their name or by the variety of their keys, stay whole.
    """
    evidence: dict[str, FieldEvidence] = {}
    total = 0
    for row in rows:
        total += 1
        for name, value in _flat(row.values, ""):
            if value is None or value in ("", [], {}):
                continue
            found = evidence.get(name)
            if found is None:
                found = evidence[name] = FieldEvidence(name)
            found.add(value)
    for found in evidence.values():
        found.rows = total
        found.finish()
    return evidence


def _flat(values: Mapping[str, Any], prefix: str) -> Iterable[tuple[str, Any]]:
    for key, value in values.items():
        name = f"{prefix}{key}"
        if isinstance(value, Mapping) and name_key(key) not in ATTRIBUTE_CONTAINERS:
            if prefix.count(".") < 2 and len(value) <= 30:
                yield from _flat(value, f"{name}.")
                continue
        elif isinstance(value, list) and value and _kind(value) == "list":
            objects = [item for item in value if isinstance(item, Mapping)]
            if objects and prefix.count(".") < 2:
                yield from _merged(objects, name)
                continue
        yield name, value


def _merged(objects: list[Mapping[str, Any]], name: str) -> Iterable[tuple[str, Any]]:
    together: dict[str, list[Any]] = {}
    for item in objects:
        for path, value in _flat(item, f"{name}."):
            if value is not None:
                together.setdefault(path, []).append(value)
    for path, found in together.items():
        yield (
            path,
            [item for value in found for item in (value if isinstance(value, list) else [value])],
        )
