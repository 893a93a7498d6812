import pytest
from shop import document

from query_understanding import learn_lexicon

PHONE = document("Kelva Nova 12, 128 GB")


def fitted(*documents):
    return learn_lexicon(documents).fitted


def test_a_name_leads_to_the_values_that_say_what_fits_it():
    case = document("Red case", has={"compatible_with": "Nova 12, Nova 13"})
    found = fitted(PHONE, case, case)
    assert list(found) == ["nova 12"]  # no product bears the name `nova 13`
    (stated,) = found["nova 12"]
    assert (stated.attribute, stated.value) == ("compatible_with", "Nova 12, Nova 13")
    assert stated.count == 2


def test_the_order_of_products_does_not_matter():
    case = document("Red case", has={"compatible_with": "Nova 12"})
    assert fitted(case, PHONE) == fitted(PHONE, case) != {}


def test_chinese_catalogues_say_it_as_well():
    watch = document("星栎行迹手表 黑色")
    strap = document("尼龙表带", has={"适用型号": "行迹手表"})
    assert list(fitted(watch, strap)) == ["行 迹 手 表"]


def test_whom_something_suits_is_no_name():
    bag = document("儿童书包")
    toy = document("积木", has={"适用人群": "儿童书包"})
    small = document("积木", has={"适用型号": "儿童"})
    assert fitted(bag, toy, small) == {}


@pytest.mark.parametrize("attribute", ["benefits", "outfits", "incompatible_with"])
def test_an_attribute_with_such_letters_inside_says_nothing(attribute):
    serum = document("Hair Growth Serum")
    assert fitted(serum, document("Balm", has={attribute: "Hair growth, Shine"})) == {}


@pytest.mark.parametrize("value", ["Kelva", "128", "Windows 12", "128 GB and more of it"])
def test_a_value_that_names_no_product_says_nothing(value):
    assert fitted(PHONE, document("Case", has={"compatible_with": value})) == {}


def test_an_attribute_of_another_name_says_nothing():
    assert fitted(PHONE, document("Case", has={"washing": "Nova 12"})) == {}


@pytest.mark.parametrize("title", ["Case for Nova 12", "Nova 12 toner"])
def test_what_fits_a_product_does_not_bear_its_name(title):
    assert fitted(document(title, has={"compatible_with": "Nova 12"})) == {}


def test_a_value_that_cannot_be_filtered_by_is_left_out():
    value = "Nova 12, " + "x" * 200
    assert fitted(PHONE, document("Case", has={"compatible_with": value})) == {}


def test_a_name_keeps_its_most_frequent_values_only():
    many = [document("Case", has={"compatible_with": f"Nova 12, Model {n}"}) for n in range(30)]
    often = document("Case", has={"compatible_with": "Nova 12"})
    values = fitted(PHONE, *many, often, often)["nova 12"]
    assert len(values) == 12
    assert values[0].value == "Nova 12"
