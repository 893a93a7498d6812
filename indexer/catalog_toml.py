"""Reads and writes catalog.toml, and checks it against the file it is for."""

import difflib
import tomllib
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any

import tomli_w
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from indexer.catalog_description import CatalogSample
from indexer.catalog_schema import (
    AttributeType,
    CatalogSchema,
    FieldRole,
    OtherFields,
    PriceUnit,
)
from indexer.field_path import value_at
from indexer.number_parsing import DecimalMark
from search_core import CatalogSchemaError


def _as_names(value: object) -> object:
    return (value,) if isinstance(value, str) else value


_Names = Annotated[tuple[str, ...], BeforeValidator(_as_names)]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Category(_Table):
    separator: str | None = None
    list_separator: str | None = None


class _Price(_Table):
    unit: PriceUnit = PriceUnit.MAIN
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] | None = None
    decimal_mark: DecimalMark = DecimalMark.POINT


class _Language(_Table):
    languages: _Names = ()


class _Attributes(_Table):
    fields: _Names = ()
    prefixes: dict[str, AttributeType] = {}
    columns: tuple[tuple[str, str], ...] = ()
    packed: _Names = ()
    types: dict[str, AttributeType] = {}
    separators: dict[str, Annotated[str, Field(min_length=1, max_length=5)]] = {}
    ignored: _Names = ()
    other_fields: OtherFields = OtherFields.ATTRIBUTE


class _File(_Table):
    fields: dict[FieldRole, _Names]
    category: _Category = _Category()
    price: _Price = _Price()
    language: _Language = _Language()
    attributes: _Attributes = _Attributes()


def read_schema(path: Path) -> CatalogSchema:
    """Read catalog.toml.

    Raises:
        CatalogSchemaError: there is no such file, it is no TOML, or it holds an unknown key or a
            wrong value; each is named.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise CatalogSchemaError(
            f"the schema {path} cannot be read: {error.strerror}",
            remedy=f"`shopkeeper catalog inspect FILE --write {path}` writes one",
        ) from error
    except UnicodeDecodeError as error:
        raise CatalogSchemaError(f"{path} is not valid TOML: {error}") from error
    return parse_schema(text, str(path))


def parse_schema(text: str, name: str) -> CatalogSchema:
    """Read the text of catalog.toml.

    Args:
        text: TOML.
        name: how errors call it.

    Raises:
        CatalogSchemaError: it is no TOML, or holds an unknown key or a wrong value.
    """
    try:
        return _schema(_File.model_validate(tomllib.loads(text)))
    except tomllib.TOMLDecodeError as error:
        raise CatalogSchemaError(f"{name} is not valid TOML: {error}") from error
    except ValidationError as error:
        problems = "; ".join(_problem(item) for item in error.errors())
        raise CatalogSchemaError(
            f"{name}: {problems}", remedy="docs/catalog.md lists every key"
        ) from error


def _schema(file: _File) -> CatalogSchema:
    if not file.fields.get(FieldRole.TITLE):
        raise CatalogSchemaError("[fields] names no title", remedy="add title = … under [fields]")
    return CatalogSchema(
        fields=file.fields,
        category_separator=file.category.separator,
        category_list_separator=file.category.list_separator,
        price_unit=file.price.unit,
        currency=file.price.currency,
        decimal_mark=file.price.decimal_mark,
        languages=file.language.languages,
        attributes=file.attributes.fields,
        attribute_prefixes=file.attributes.prefixes,
        attribute_columns=file.attributes.columns,
        packed_attributes=file.attributes.packed,
        attribute_types=file.attributes.types,
        value_separators=file.attributes.separators,
        ignored=file.attributes.ignored,
        other_fields=file.attributes.other_fields,
    )


_KEYS: dict[str, tuple[str, ...]] = {
    "": tuple(_File.model_fields),
    "fields": tuple(role.value for role in FieldRole),
    "category": tuple(_Category.model_fields),
    "price": tuple(_Price.model_fields),
    "language": tuple(_Language.model_fields),
    "attributes": tuple(_Attributes.model_fields),
}


def _problem(item: Mapping[str, Any]) -> str:
    place = [str(part) for part in item["loc"] if part != "[key]"]
    dotted = ".".join(place)
    unknown_role = place[:1] == ["fields"] and item["loc"][-1:] == ("[key]",)
    if item["type"] == "extra_forbidden" or unknown_role:
        table = place[0] if len(place) > 1 else ""
        return f"{dotted} is no key of catalog.toml{_suggestion(place[-1], _KEYS.get(table, ()))}"
    if item["type"] == "missing":
        return f"[{dotted}] is missing"
    return f"{dotted}: {item['msg']}"


def _suggestion(name: str, among: Collection[str]) -> str:
    close = difflib.get_close_matches(name, among, n=1)
    return f"; did you mean {close[0]}?" if close else ""


def check_schema(schema: CatalogSchema, sample: CatalogSample) -> tuple[str, ...]:
    """Check that the file has the fields that a schema names.

    CSV and Parquet name all their columns: each field must be among them. JSON rows may leave
    fields out: there one is refused when the sample is the whole file, or when it is the title;
    otherwise it is warned of.

    Returns:
        Warnings.

    Raises:
        CatalogSchemaError: names the fields that are missing, and what they may be meant for.
    """
    known = set(sample.columns or ()) | {name for row in sample.rows for name in row.values}
    missing = [
        (name, place)
        for name, place in schema.named_fields()
        if name not in known and not any(value_at(row.values, name) for row in sample.rows)
    ]
    if not missing or not (sample.rows or sample.columns):
        return ()
    texts = [f"{name!r} ({place}){_suggestion(name, known)}" for name, place in missing]
    titles = schema.of(FieldRole.TITLE)
    no_title = {name for name, _ in missing}.issuperset(titles)
    if sample.columns is not None or sample.complete or no_title:
        raise CatalogSchemaError(
            f"the catalogue has no field {', no field '.join(texts)}",
            remedy="correct or remove these names in catalog.toml; the catalogue's fields are "
            f"{', '.join(sorted(known)[:30])}",
        )
    return tuple(f"no row looked at has the field {text}" for text in texts)


_HEADER = """\
# How the catalogue's fields become products. Written by `shopkeeper catalog inspect`; edit freely.
# A field is named by its key or column, or by a path: "brand.name". Every key: docs/catalog.md.
"""
_COMMENTS = {
    "category": "# separator cuts one text into levels; list_separator parts several paths in it.",
    "price": '# unit: "main" (dollars) or "cents". currency: ISO 4217, for prices that name none.',
    "language": "# One: every product's. Several: found out for each product, among these.",
    "attributes": '# other_fields: what becomes of fields not named here: "attribute" or "ignore".'
    "\n# separators: what parts the values where a cell holds several.",
}


def write_schema(
    path: Path, schema: CatalogSchema, reasons: Mapping[str, str] | None = None
) -> None:
    """Write a schema as catalog.toml, with comments for a person.

    Args:
        path: replaced if it is there.
        schema: what to write.
        reasons: by field, why it has its role: written behind it.

    Raises:
        CatalogSchemaError: the file cannot be written.
    """
    text = schema_text(schema, reasons or {})
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise CatalogSchemaError(
            f"the schema cannot be written to {path}: {error.strerror}",
            remedy="choose another path",
        ) from error


def schema_text(schema: CatalogSchema, reasons: Mapping[str, str]) -> str:
    """Return the text of catalog.toml. `read_schema` makes the same schema of it."""
    lines = [_HEADER, "[fields]"]
    for role, names in schema.fields.items():
        value: str | list[str] = names[0] if len(names) == 1 else list(names)
        why = "; ".join(reasons[name] for name in names if name in reasons)
        lines.append(_line(role.value, value) + (f"  # {_comment(why)}" if why else ""))
    for table, content in _tables(schema):
        if content:
            body = tomli_w.dumps({table: content})
            lines += ["", _COMMENTS[table], body.strip()]
    return "\n".join(lines) + "\n"


def _comment(text: str) -> str:
    return "".join(char for char in " ".join(text.split()) if char.isprintable())


def _line(key: str, value: str | list[str]) -> str:
    if isinstance(value, list):
        items = ", ".join(_line("x", item).removeprefix("x = ") for item in value)
        return f"{key} = [{items}]"
    return tomli_w.dumps({key: value}).strip()


def _tables(schema: CatalogSchema) -> Iterable[tuple[str, dict[str, Any]]]:
    yield (
        "category",
        _filled(separator=schema.category_separator, list_separator=schema.category_list_separator),
    )
    yield (
        "price",
        _filled(
            unit=schema.price_unit.value,
            currency=schema.currency,
            decimal_mark=schema.decimal_mark.value,
        ),
    )
    yield "language", _filled(languages=list(schema.languages))
    yield (
        "attributes",
        _filled(
            fields=list(schema.attributes),
            columns=[list(pair) for pair in schema.attribute_columns],
            packed=list(schema.packed_attributes),
            ignored=list(schema.ignored),
            other_fields=schema.other_fields.value,
            prefixes={name: kind.value for name, kind in schema.attribute_prefixes.items()},
            types={name: kind.value for name, kind in schema.attribute_types.items()},
            separators=dict(schema.value_separators),
        ),
    )


def _filled(**values: Any) -> dict[str, Any]:  # noqa: ANN401 - TOML values
    return {key: value for key, value in values.items() if value}
