from indexer.catalog_schema import AttributeType, CatalogSchema, FieldRole
from indexer.product_reader import ProductReader
from indexer.reading_notes import ReadingNotes
from indexer.rows import Row
from search_core import Product
from search_core.settings import IndexerSettings

NO_ID = (
    "1 product has no id: a hash of the whole row stands for it, so that a changed row is "
    "another product"
)


def test_values_left_out_are_counted_by_field_with_the_first_as_example() -> None:
    notes = ReadingNotes()
    notes.leave_out("Preis", "auf\n Anfrage")
    notes.leave_out("rating", "good")
    notes.leave_out("rating", "bad")
    assert notes.sentences() == (
        "rating: 2 values are not readable and left out, e.g. 'good'",
        "Preis: 1 value is not readable and left out, e.g. 'auf Anfrage'",
    )


def test_values_that_are_not_of_their_fields_type_are_kept_as_text_and_counted() -> None:
    schema = CatalogSchema(
        fields={FieldRole.ID: ("sku",), FieldRole.TITLE: ("title",)},
        languages=("en",),
        attribute_types={"weight": AttributeType.NUMBER, "wireless": AttributeType.BOOLEAN},
    )
    reader = ProductReader(schema, IndexerSettings())
    for number, weight in enumerate(["2.5", "heavy", "heavy", "1.2 kg"], start=1):
        values = {"sku": f"A{number}", "title": "Lamp", "weight": weight, "wireless": "perhaps"}
        product = reader.read(Row(number, values))
        assert isinstance(product, Product)
        assert {each.name for each in product.attributes} == {"weight", "wireless"}
    kept = "values are not of the type that the schema says and kept as text, e.g."
    assert reader.notes.sentences() == (
        f"wireless: 4 {kept} 'perhaps'",
        f"weight: 2 {kept} 'heavy'",
    )


def test_products_without_an_id_are_counted_once_they_are_products() -> None:
    schema = CatalogSchema(
        fields={FieldRole.ID: ("sku",), FieldRole.TITLE: ("title",)}, languages=("en",)
    )
    reader = ProductReader(schema, IndexerSettings())
    rows = [{"sku": "A", "title": "Lamp"}, {"title": "Rug"}, {"title": "Rug"}, {"sku": " "}]
    for number, values in enumerate(rows, start=1):
        reader.read(Row(number, values))
    assert reader.notes.sentences() == (NO_ID,)


def test_where_no_field_is_an_id_single_products_are_not_counted() -> None:
    schema = CatalogSchema(fields={FieldRole.TITLE: ("title",)}, languages=("en",))
    reader = ProductReader(schema, IndexerSettings())
    reader.read(Row(1, {"title": "Rug"}))
    assert reader.notes.sentences() == ()


def test_without_oddities_there_is_nothing_to_say() -> None:
    assert ReadingNotes().sentences() == ()
