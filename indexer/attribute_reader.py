"""Turns what stands in an attribute field, in whatever shape, into attributes."""

import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from indexer.catalog_schema import AttributeType
from indexer.number_parsing import DecimalMark, parse_number, parse_quantity, unit_in_name
from indexer.text_cleaning import clean_text
from search_core import Attribute

NAME_KEYS = (
    "name", "key", "label", "attribute", "attribute_name", "title", "k", "code", "property",
    "名称", "名", "属性名", "属性", "名前",
)  # fmt: skip
VALUE_KEYS = (
    "value", "values", "val", "option", "options", "text", "v", "attribute_value", "content",
    "值", "属性值", "値",
)  # fmt: skip
_UNIT_KEYS = ("unit", "uom", "unit_of_measure", "单位", "単位")
_TRUE = frozenset([
    "true", "yes", "y", "ja", "oui", "si", "sí", "on", "1", "是", "有", "支持", "はい", "あり",
])  # fmt: skip
_FALSE = frozenset([
    "false", "no", "n", "nein", "non", "off", "0", "否", "无", "不支持", "いいえ", "なし",
])  # fmt: skip
_MAX_CACHED = 50_000
_MAX_CACHED_CHARS = 100
_MAX_DEPTH = 4

Values = tuple[Attribute, ...]


def parse_boolean(text: str) -> bool | None:
    """Read yes or no in the languages of the name lists; `None` when it is neither."""
    word = text.strip().casefold()
    return True if word in _TRUE else False if word in _FALSE else None


class AttributeReader:
    """Reads attribute values.

    Most values of a catalogue repeat: an attribute once read is kept and shared among products.
    """

    def __init__(self, mark: DecimalMark) -> None:
        self._mark = mark
        self._cache: dict[tuple[str, AttributeType, type, object], Values] = {}

    def read(self, name: str, value: Any, kind: AttributeType) -> Iterable[Attribute]:  # noqa: ANN401 - any JSON value
        """Return the attributes in one field.

        A scalar makes one (two, when a text is a plain number or quantity and `kind` is any: the
        text, and the number with its unit); a list makes those of its items; an object or a list of
        name and value pairs makes one for each name.
        """
        if value is None:
            return ()
        if isinstance(value, (str, int, float)):
            return self._scalar(name, value, kind)
        return self._nested(name, value, kind, _MAX_DEPTH)

    def _scalar(self, name: str, value: str | float, kind: AttributeType) -> Values:
        if isinstance(value, str) and len(value) > _MAX_CACHED_CHARS:
            return self._parse(name, value, kind)
        key = (name, kind, value.__class__, value)
        found = self._cache.get(key)
        if found is None:
            if len(self._cache) >= _MAX_CACHED:
                self._cache.clear()
            found = self._cache[key] = self._parse(name, value, kind)
        return found

    def _parse(self, name: str, value: str | float, kind: AttributeType) -> Values:
        if isinstance(value, bool):
            return (Attribute(name=name, value=value),)
        if isinstance(value, (int, float)):
            if not math.isfinite(value):
                return ()
            if kind is AttributeType.TEXT:
                return (Attribute(name=name, value=f"{value:g}"),)
            return (Attribute(name=name, value=float(value), unit=unit_in_name(name)),)
        return self._parse_text(name, clean_text(value), kind)

    def _parse_text(self, name: str, text: str, kind: AttributeType) -> Values:
        if not text:
            return ()
        as_text = (Attribute(name=name, value=text),)
        if kind is AttributeType.TEXT:
            return as_text
        if kind is AttributeType.BOOLEAN:
            truth = parse_boolean(text)
            return as_text if truth is None else (Attribute(name=name, value=truth),)
        if kind is AttributeType.NUMBER and (number := parse_number(text, self._mark)) is not None:
            return (Attribute(name=name, value=number, unit=unit_in_name(name)),)
        quantity = parse_quantity(text, self._mark)
        if quantity is None:
            return as_text
        number, unit = quantity
        as_number = (Attribute(name=name, value=number, unit=unit or unit_in_name(name)),)
        return as_number if kind is AttributeType.NUMBER else as_text + as_number

    def _nested(
        self, name: str, value: object, kind: AttributeType, depth: int
    ) -> Iterator[Attribute]:
        if value is None or depth == 0:
            return
        if isinstance(value, (str, int, float)):
            yield from self._scalar(name, value, kind)
        elif isinstance(value, Mapping):
            yield from self._object(name, value, kind, depth)
        elif isinstance(value, list):
            for item in value:
                pair = name_and_value(item)
                if pair is None:
                    yield from self._nested(name, item, kind, depth - 1)
                else:
                    yield from self._nested(clean_text(pair[0]), pair[1], kind, depth - 1)

    def _object(
        self, name: str, value: Mapping[str, Any], kind: AttributeType, depth: int
    ) -> Iterator[Attribute]:
        pair = name_and_value(value)
        if pair is not None:
            yield from self._nested(clean_text(pair[0]), pair[1], kind, depth - 1)
            return
        quantity = _quantity_object(value)
        if quantity is not None:
            yield Attribute(name=name, value=quantity[0], unit=quantity[1])
            return
        for key, inner in value.items():
            yield from self._nested(clean_text(str(key)), inner, kind, depth - 1)


def name_and_value(item: object) -> tuple[str, Any] | None:
    """Read `["colour", "red"]` or `{"name": "colour", "value": "red"}`; `None` for other things."""
    if isinstance(item, list):
        if len(item) == 2 and isinstance(item[0], str) and item[0].strip():
            return item[0], item[1]
        return None
    if not isinstance(item, Mapping):
        return None
    name = next((item[key] for key in NAME_KEYS if isinstance(item.get(key), str)), None)
    value = next((item[key] for key in VALUE_KEYS if item.get(key) is not None), None)
    if not name or value is None:
        return None
    unit = next((item[key] for key in _UNIT_KEYS if isinstance(item.get(key), str)), None)
    if unit and not isinstance(value, (list, Mapping)):
        return name, {"value": value, "unit": unit}
    return name, value


def _quantity_object(value: Mapping[str, Any]) -> tuple[float, str] | None:
    number = value.get("value")
    unit = next((value[key] for key in _UNIT_KEYS if isinstance(value.get(key), str)), None)
    if isinstance(number, str):
        number = parse_number(number)
    if unit is None or isinstance(number, bool) or not isinstance(number, (int, float)):
        return None
    return float(number), unit


def split_packed(text: str) -> Iterator[tuple[str, str]]:
    """Read several attributes from one text: `color=red,size=M`, `color:red;size:M`, one a line."""
    mark = "=" if "=" in text else ":"
    name, value = "", ""
    separator = next((char for char in "\n|;," if char in text), ",")
    for part in text.split(separator):
        before, found, after = part.partition(mark)
        if not found:
            value += separator + part  # the separator belongs to the value: `size=1,5`
            continue
        if name:
            yield name, value.strip()
        name, value = before.strip(), after
    if name:
        yield name, value.strip()
