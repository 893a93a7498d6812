import pytest

from benchmarks.accessory_cases import AccessoryCase, accessory_cases


def document(number, title, kind, **attributes):
    return {
        "id": number,
        "title": title,
        "product_type": kind,
        "attributes": [{"name": name, "value": value} for name, value in attributes.items()],
    }


SHOP = [
    document("phone", "Kelva Nova 12, 128 GB", "Smartphone"),
    document("phone 13", "Kelva Nova 13, 128 GB", "Smartphone"),
    document("case", "Red Case for Nova 12", "Phone case", compatible_with="Nova 12"),
    document("cover", "Folio for any smartphone", "Phone case"),
    document("sofa", "Lunde Sofa", "Sofa"),
    document("throw", "Lunde Throw", "Sofa cover", washing="Nova 12"),
]


def cases(documents=SHOP):
    return {(each.sort, each.query): each for each in accessory_cases(documents)}


def test_a_product_that_others_say_they_fit_is_a_query():
    case = cases()["fitted", "nova 12"]
    assert case.mains == {"phone"}
    assert case.accessories == {"case"}


def test_an_attribute_says_what_fits_only_by_its_name():
    assert "throw" not in cases()["fitted", "nova 12"].accessories


def test_what_fits_a_product_or_is_for_its_kind_goes_with_the_kind():
    case = cases()["kind", "Smartphone"]
    assert case.mains == {"phone", "phone 13"}
    assert case.accessories == {"case", "cover"}


def test_a_kind_that_begins_with_the_name_of_another_goes_with_it():
    case = cases()["kind", "Sofa"]
    assert (case.mains, case.accessories) == ({"sofa"}, {"throw"})


def test_a_kind_that_nothing_goes_with_is_no_query():
    assert ("kind", "Phone case") not in cases()


def test_the_last_word_of_a_kind_is_a_query_of_its_own():
    documents = [
        document("watch", "Fitmar Tempo", "Sports watch"),
        document("strap", "Strap for every sports watch", "Strap"),
    ]
    case = cases(documents)["head", "watch"]
    assert (case.mains, case.accessories) == ({"watch"}, {"strap"})


@pytest.mark.parametrize("value", ["Kelva", "12", "Windows 12"])
def test_a_value_that_names_no_product_gives_no_query(value):
    documents = [*SHOP[:2], document("case", "Red Case", "Phone case", compatible_with=value)]
    assert all(sort != "fitted" for sort, _ in cases(documents))


def test_several_values_are_written_in_one():
    documents = [*SHOP[:2], document("case", "Case", "Case", compatibility="Nova 12, Nova 13")]
    assert {query for sort, query in cases(documents) if sort == "fitted"} == {
        "nova 12",
        "nova 13",
    }


def test_a_name_in_chinese_is_written_without_spaces():
    documents = [
        document("手表", "星栎行迹手表 黑色", "智能手表"),
        document("表带", "尼龙表带", "表带", 适用型号="行迹手表"),
    ]
    assert ("fitted", "行迹手表") in cases(documents)


def test_the_narrowest_category_stands_in_for_a_missing_type():
    documents = [
        {"id": "tent", "title": "Vardo", "category": ["Outdoor", "Outdoor > Tents"]},
        {"id": "pegs", "title": "Pegs for tents", "category": ["Outdoor", "Outdoor > Pegs"]},
    ]
    assert cases(documents)["kind", "Tents"].accessories == {"pegs"}


def case(mains):
    return AccessoryCase(
        sort="kind", query="q", mains=frozenset(mains), accessories=frozenset({"a1", "a2"})
    )


@pytest.mark.parametrize(
    ("ranked", "good"),
    [
        (["m1", "m2", "a1"], True),
        (["m1", "other", "m2", "a1", "a2"], True),
        (["m1", "m2"], True),
        (["m1", "a1", "m2"], False),
        (["a1", "m1", "m2"], False),
        (["m1", "a1", "other"], False),  # m2 is not found at all
        (["other", "other 2"], False),
        ([], False),
    ],
)
def test_no_accessory_may_stand_above_any_of_two_main_products(ranked, good):
    assert case({"m1", "m2"}).holds(ranked) is good


def test_what_stands_behind_the_first_five_does_not_count():
    mains = {f"m{n}" for n in range(9)}
    five = ["m0", "m1", "m2", "m3", "m4"]
    assert case(mains).holds([*five, "a1", "m5"])
    assert not case(mains).holds([*five[:4], "a1", "m5"])


def test_a_product_without_a_type_is_of_the_one_that_ends_its_title():
    untyped = [document("z", "Kelva Z4 Sofa", None), document("y", "Sofa legs", None)]
    case = cases([*SHOP, *untyped])["kind", "Sofa"]
    assert (case.mains, case.accessories) == ({"sofa", "z"}, {"throw"})


def test_a_type_without_letters_is_no_query():
    documents = [document("one", "Lunde", "1"), document("two", "Throw for 1", "Throw")]
    assert cases(documents) == {}
