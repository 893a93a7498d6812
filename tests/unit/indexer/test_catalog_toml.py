from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer import (
    AttributeType,
    CatalogSample,
    CatalogSchema,
    DecimalMark,
    FieldRole,
    OtherFields,
    PriceUnit,
    Row,
    check_schema,
    read_schema,
    write_schema,
)
from search_core import CatalogSchemaError

R = FieldRole
FULL = CatalogSchema(
    fields={R.TITLE: ("Name",), R.ID: ("id",), R.CATEGORY: ("main", "sub")},
    category_separator=" > ",
    category_list_separator=",",
    price_unit=PriceUnit.CENTS,
    currency="EUR",
    decimal_mark=DecimalMark.COMMA,
    languages=("de", "en"),
    attributes=("specs",),
    attribute_prefixes={"attr_t_": AttributeType.TEXT},
    attribute_columns=(("Option* Name", "Option* Value"),),
    packed_attributes=("more",),
    attribute_types={"seats": AttributeType.NUMBER},
    value_separators={"sizes": "|"},
    ignored=("internal note",),
    other_fields=OtherFields.IGNORE,
)


def test_a_schema_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "catalog.toml"
    write_schema(path, FULL, {"Name": "named like a title"})
    assert read_schema(path) == FULL
    assert 'title = "Name"  # named like a title' in path.read_text()


names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)


@given(title=names, prefix=names, why=names)
def test_any_field_name_survives(
    tmp_path_factory: pytest.TempPathFactory, title: str, prefix: str, why: str
) -> None:
    path = tmp_path_factory.mktemp("schema") / "catalog.toml"
    schema = CatalogSchema(
        fields={R.TITLE: (title,), R.BRAND: (title, prefix)},
        attribute_prefixes={prefix: AttributeType.ANY},
    )
    write_schema(path, schema, {title: why})
    assert read_schema(path) == schema


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[fields]\ntitel = 'x'", "fields.titel is no key of catalog.toml; did you mean title?"),
        ("[fields]\ntitle='x'\n[prices]\nunit='cents'", "prices is no key.*did you mean price?"),
        ("[fields]\ntitle='x'\n[price]\nunit='dimes'", "price.unit: Input should be 'main'"),
        ("[fields]\ntitle='x'\n[price]\ncurrency='euro'", "price.currency"),
        ("[price]\nunit='cents'", r"\[fields\] is missing"),
        ("[fields]\nid='x'", "names no title"),
        ("[fields", "is not valid TOML"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "catalog.toml"
    path.write_text(text)
    with pytest.raises(CatalogSchemaError, match=message):
        read_schema(path)


def test_a_missing_file_says_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(CatalogSchemaError, match="catalog inspect FILE --write"):
        read_schema(tmp_path / "none.toml")


def sample(*, columns: tuple[str, ...] | None, complete: bool = False) -> CatalogSample:
    rows = (Row(1, {"title": "Lamp", "colour": "red", "brand": {"name": "Lumo"}}),)
    return CatalogSample(rows=rows, broken=(), columns=columns, complete=complete)


def schema(**fields: str) -> CatalogSchema:
    return CatalogSchema(fields={R(role): (name,) for role, name in fields.items()})


def test_a_column_that_the_file_lacks_is_refused_with_a_suggestion() -> None:
    with pytest.raises(
        CatalogSchemaError, match=r"'colours' \(fields.product_type\); did you mean"
    ):
        check_schema(
            schema(title="title", product_type="colours"), sample(columns=("title", "colour"))
        )


def test_a_field_of_json_rows_is_refused_only_when_all_rows_are_known() -> None:
    used = schema(title="title", rating="stars")
    assert check_schema(used, sample(columns=None)) == (
        "no row looked at has the field 'stars' (fields.rating)",
    )
    with pytest.raises(CatalogSchemaError, match="stars"):
        check_schema(used, sample(columns=None, complete=True))


def test_a_title_that_no_row_has_is_always_refused() -> None:
    with pytest.raises(CatalogSchemaError, match="headline"):
        check_schema(schema(title="headline"), sample(columns=None))


def test_paths_into_objects_count_as_fields() -> None:
    assert check_schema(schema(title="title", brand="brand.name"), sample(columns=None)) == ()
