"""What to do with each field of a row, decided once for each field name."""

import re
from dataclasses import dataclass
from enum import Enum, auto

from indexer.catalog_schema import AttributeType, CatalogSchema, OtherFields


class FieldUse(Enum):
    """What becomes of a field, apart from the roles it has."""

    SKIP = auto()
    ATTRIBUTE = auto()
    PACKED = auto()
    ATTRIBUTE_NAME = auto()
    """The field holds an attribute's name; the value is in another column."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldPlan:
    """How one field is read."""

    use: FieldUse
    name: str = ""
    """Of the attribute, for display."""
    kind: AttributeType = AttributeType.ANY
    value_field: str = ""
    """The other column of `ATTRIBUTE_NAME`."""
    separator: str | None = None
    """Parts the values in a text; `None`: it is one value."""


_SKIP = FieldPlan(use=FieldUse.SKIP)


class FieldPlans:
    """Plans by field name. A catalogue may have thousands of fields, each met many times."""

    def __init__(self, schema: CatalogSchema) -> None:
        self._schema = schema
        self._plans: dict[str, FieldPlan] = {}
        # `variants.price` uses up `variants`; other parts of it become attributes only if named.
        self._used = {
            head
            for names in schema.fields.values()
            for name in names
            for head in (name, name.partition(".")[0])
        }
        self._ignored = frozenset(schema.ignored)
        self._prefixes = sorted(schema.attribute_prefixes, key=len, reverse=True)
        self._columns = [
            (re.compile(re.escape(name).replace(r"\*", "(.+)")), value)
            for name, value in schema.attribute_columns
        ]
        self._value_columns = [
            re.compile(re.escape(value).replace(r"\*", ".+"))
            for _, value in schema.attribute_columns
        ]

    def plan(self, field: str) -> FieldPlan:
        """Return how a field is read, deciding it the first time."""
        plan = self._plans.get(field)
        if plan is None:
            plan = self._plans[field] = self._decide(field)
        return plan

    def _decide(self, field: str) -> FieldPlan:
        schema = self._schema
        if field in self._ignored or any(p.fullmatch(field) for p in self._value_columns):
            return _SKIP
        for pattern, value_field in self._columns:
            if match := pattern.fullmatch(field):
                return FieldPlan(
                    use=FieldUse.ATTRIBUTE_NAME, value_field=value_field.replace("*", match[1])
                )
        if field in schema.packed_attributes:
            return FieldPlan(use=FieldUse.PACKED)
        if field in self._used and field not in schema.attributes:
            return _SKIP
        prefix = next((p for p in self._prefixes if field.startswith(p) and field != p), None)
        if prefix is not None:
            kind = schema.attribute_prefixes[prefix]
            return self._attribute(field, field.removeprefix(prefix), kind)
        if schema.other_fields is OtherFields.IGNORE and field not in schema.attributes:
            return _SKIP
        return self._attribute(field, field)

    def _attribute(
        self, field: str, name: str, kind: AttributeType = AttributeType.ANY
    ) -> FieldPlan:
        return FieldPlan(
            use=FieldUse.ATTRIBUTE,
            name=display_name(name),
            kind=self._schema.attribute_types.get(field, kind),
            separator=self._schema.value_separators.get(field),
        )


def display_name(field: str) -> str:
    """Return a column's name as a shopper can read it: `screen_size` → `screen size`."""
    return " ".join(field.rpartition(".")[2].replace("_", " ").split()) or field
