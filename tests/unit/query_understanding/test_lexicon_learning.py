from shop import CATALOGUE, document

from query_understanding import learn_lexicon

LEXICON = CATALOGUE.lexicon


def test_products_words_and_brands_are_counted():
    assert LEXICON.products == 38
    assert LEXICON.language == "en"
    assert LEXICON.words["novaphone"] == 21  # 3 phones, 18 cases
    assert LEXICON.brands["hidewell"].count == 18


def test_a_kind_knows_its_price_and_its_attributes():
    case = next(kind for kind in LEXICON.kinds if kind.name == "Phone case")
    assert (case.field, case.count, case.median_price) == ("product_type", 18, 20.0)
    assert set(case.attributes) == {"colour", "material", "compatible_with", "magnetic"}


def test_products_without_a_type_are_of_their_narrowest_category():
    lexicon = learn_lexicon([document("Desk", category=["Home", "Home > Desks"])])
    assert [(kind.field, kind.name) for kind in lexicon.kinds] == [("category", "Home > Desks")]
    assert lexicon.kind_places["desk"] == (0,)


def test_values_lead_to_their_attributes():
    (red,) = LEXICON.values["red"]
    assert (red.attribute, red.value, red.count) == ("colour", "Red", 6)
    (magnetic,) = LEXICON.values["magnetic"]
    assert (magnetic.attribute, magnetic.value) == ("magnetic", "true")


def test_nothing_is_learned_from_nothing():
    assert learn_lexicon([]).is_empty


def test_words_of_tags_are_words_of_the_shop():
    lexicon = learn_lexicon([{"title": "Oak shelf", "tags_text": "bookcase ; tiny rooms"}])
    assert {"bookcase", "tiny"} <= lexicon.words.keys()
