from indexer.catalog_schema import CatalogSchema, FieldRole
from indexer.product_reader import ProductReader
from indexer.reading_notes import ReadingNotes
from indexer.rows import Row
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
