"""All attributes of one row."""

from collections.abc import Iterator, Mapping
from typing import Any

from indexer.attribute_reader import AttributeReader, split_packed
from indexer.catalog_schema import AttributeType, CatalogSchema
from indexer.field_path import value_at
from indexer.field_plan import FieldPlan, FieldPlans, FieldUse
from indexer.reading_notes import ReadingNotes
from indexer.text_cleaning import clean_text
from indexer.value_lists import split_values
from search_core import Attribute

_TYPED = frozenset({AttributeType.NUMBER, AttributeType.BOOLEAN})


class RowAttributes:
    """Finds the attributes of rows, by the schema's rules for their fields."""

    def __init__(self, schema: CatalogSchema, notes: ReadingNotes) -> None:
        """Take the schema.

        Args:
            schema: of the catalogue.
            notes: told of values that are not of their field's type.
        """
        self._notes = notes
        self._plans = FieldPlans(schema)
        self._reader = AttributeReader(schema.decimal_mark)
        self._paths = [name for name in schema.attributes if "." in name]

    def read(self, values: Mapping[str, Any]) -> tuple[Attribute, ...]:
        """Return them in the order of the row; one that is there twice, once."""
        found: dict[tuple[str, type, object, str | None], Attribute] = {}
        for attribute in self._each_attribute(values):
            value = attribute.value
            found.setdefault((attribute.name, value.__class__, value, attribute.unit), attribute)
        return tuple(found.values())

    def _each_attribute(self, values: Mapping[str, Any]) -> Iterator[Attribute]:
        for field, value in values.items():
            yield from self._of_field(self._plans.plan(field), value, values)
        for path in self._paths:
            if path not in values:
                plan = self._plans.plan(path)
                value = _parted(value_at(values, path), plan.separator)
                yield from self._typed(plan, value)

    def _of_field(
        self, plan: FieldPlan, value: object, values: Mapping[str, Any]
    ) -> Iterator[Attribute]:
        read = self._reader.read
        if plan.use is FieldUse.ATTRIBUTE:
            yield from self._typed(plan, _parted(value, plan.separator))
        elif plan.use is FieldUse.ATTRIBUTE_NAME and isinstance(value, str) and value.strip():
            other = values.get(plan.value_field)
            for item in str(other).split("|") if isinstance(other, str) else (other,):
                yield from read(clean_text(value), item, AttributeType.ANY)
        elif plan.use is FieldUse.PACKED and isinstance(value, str):
            for name, text in split_packed(value):
                yield from read(clean_text(name), text, AttributeType.ANY)

    def _typed(self, plan: FieldPlan, value: object) -> Iterator[Attribute]:
        found = self._reader.read(plan.name, value, plan.kind)
        if plan.kind not in _TYPED:
            yield from found
            return
        for attribute in found:
            if isinstance(attribute.value, str):
                self._notes.keep_as_text(plan.name, attribute.value)
            yield attribute


def _parted(value: object, separator: str | None) -> object:
    """Return the values of a cell that holds several."""
    if separator is None or not isinstance(value, str):
        return value
    return split_values(value, separator)
