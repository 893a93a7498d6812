import pytest

from indexer.catalog_schema import FieldRole
from indexer.field_names import name_key, name_score

R = FieldRole


@pytest.mark.parametrize(
    ("role", "with_accents", "without"),
    [
        (R.CATEGORY, "categorías", "categorias"),
        (R.TITLE, "título", "titulo"),
        (R.DESCRIPTION, "Descripción", "DESCRIPCION"),
        (R.ID, "Référence", "reference"),
        (R.AVAILABILITY, "Verfügbar", "Verfugbar"),
        (R.CURRENCY, "Währung", "Wahrung"),
    ],
)
def test_a_name_without_its_accents_is_the_same_name(role, with_accents, without) -> None:
    assert name_score(role, with_accents) == name_score(role, without) > 0


def test_marks_of_other_scripts_tell_letters_apart() -> None:
    assert name_score(R.BRAND, "ブランド") > 0
    assert name_score(R.BRAND, "フラント") == 0
    assert name_key("Бой") != name_key("Бои")


@pytest.mark.parametrize(
    "field", ["precio.importe", "price.amount", "preis.betrag", "prix.montant"]
)
def test_a_part_that_says_less_than_its_whole_is_named_by_the_whole(field) -> None:
    assert name_score(R.PRICE, field) > 0


def test_the_name_of_a_brand_is_no_title() -> None:
    assert name_score(R.TITLE, "brand.name") == 0
    assert name_score(R.TITLE, "marca.nombre") == 0
    assert name_score(R.BRAND, "marca.nombre") > 0
