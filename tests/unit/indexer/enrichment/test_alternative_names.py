import pytest

from indexer.enrichment.alternative_names import NameModel, learn_names
from indexer.enrichment.read_product import ReadProduct
from search_core import Product


def read(title, description="", **fields):
    return ReadProduct(product=Product(id="1", title=title, description=description, **fields))


def names(model, title, description="", **fields):
    return [tag.text for tag in model.tags(read(title, description, **fields))]


NOTHING = NameModel.of({})


def test_an_acronym_and_what_it_stands_for_are_learned_from_two_products():
    model = learn_names([read("Sun Protection Factor (SPF) 30 cream")] * 2)
    assert names(model, "SPF 50 lotion") == ["sun protection factor"]
    assert names(model, "Lotion, sun protection factor 50") == ["SPF"]


def test_letters_in_brackets_that_are_no_acronym_of_the_words_before_are_not_learned():
    assert learn_names([read("Garden hose (XL)")] * 2).names == {}


def test_what_only_one_product_says_is_not_learned():
    assert learn_names([read("Sun Protection Factor (SPF) 30 cream")]).names == {}


def test_joined_and_split_words_are_names_of_each_other():
    titles = ["Book shelf oak", "Book shelf pine", "Bookshelf white", "Bookshelf black"]
    model = learn_names([read(title) for title in titles])
    assert names(model, "Tall bookshelf") == ["book shelf"]
    assert names(model, "Tall book shelf") == ["bookshelf"]


def test_names_in_two_scripts_that_always_stand_together_are_learned():
    model = learn_names([read("瑜伽垫 Yoga Mat 防滑"), read("加厚瑜伽垫", brand="瑜伽垫/Yoga Mat")])
    assert names(model, "Yoga Mat blue") == ["瑜伽垫"]


@pytest.mark.parametrize("title", ["大米 5kg 东北", "充电器 USB 快充"])
def test_units_and_standards_are_no_names(title):
    assert learn_names([read(title)] * 3).names == {}


@pytest.mark.parametrize(
    ("description", "name"),
    [
        ("Also known as a plate warmer, it keeps food hot.", "plate warmer"),
        ("The spork, a.k.a. foon, does both.", "foon"),
        ("红薯，又称地瓜，香甜。", "地瓜"),
    ],
)
def test_a_description_may_say_what_else_a_thing_is_called(description, name):
    assert name in names(NOTHING, "Thing", description)


@pytest.mark.parametrize(
    ("description", "name"),
    [
        ("Ribbon cartridge (black, blue), 2 pack", "Ribbon cartridge"),
        ("Ribbon cartridge [black; blue]", "Ribbon cartridge"),
        ("色带（黑色，蓝色）", "色带"),
        ("Ribbon cartridge (black), 2 pack", "Ribbon cartridge (black)"),
    ],
)
def test_a_name_is_not_cut_within_a_bracket(description, name):
    assert names(NOTHING, "Thing", description) == [name]


def test_a_description_that_is_only_a_name_is_another_name():
    assert names(NOTHING, "Larkspur 200B", "Coal scuttle 200B, 8 litres") == ["Coal scuttle 200B"]


@pytest.mark.parametrize(
    "description", ["It burns well.", "Burn it. Then sweep", "12 x 30", "word " * 20, ""]
)
def test_sentences_and_numbers_are_no_names(description):
    assert names(NOTHING, "Larkspur 200B", description) == []


def test_a_record_gives_the_same_model():
    model = learn_names([read("Sun Protection Factor (SPF) 30 cream")] * 2)
    assert NameModel.from_record(model.as_record()) == model
