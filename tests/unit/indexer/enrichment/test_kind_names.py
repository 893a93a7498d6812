from indexer.enrichment.kind_names import kind_names, kind_phrases
from search_core import Product


def phrases(title, **facts):
    return list(kind_phrases(Product(id="1", title=title, **facts)))


def test_a_title_names_the_thing_before_the_first_comma_number_or_little_word():
    assert phrases("Lumo Reading Lamp, brass") == ["Lumo Reading Lamp"]
    assert phrases("Soft Nappies Size 2 (4-8 kg)") == ["Soft Nappies Size"]
    assert phrases("Case for Phones") == ["Case"]


def test_a_type_that_names_two_kinds_gives_both():
    assert phrases("Tinkelow", product_type="Nappies & wipes") == ["Nappies", "wipes", "Tinkelow"]


def test_the_category_stands_in_where_there_is_no_type():
    path = ("Audio", "Headphones and earbuds")
    assert phrases("Pond", category_path=path) == ["Headphones", "earbuds", "Pond"]
    assert phrases("Pond", category_path=path, product_type="Speaker") == ["Speaker", "Pond"]


def test_names_end_the_phrase_the_longest_first_in_both_numbers():
    assert list(kind_names("Brass desk Lamps"))[:3] == [
        ("brass desk lamps", "brass desk lamp"),
        ("desk lamps", "desk lamp"),
        ("lamps", "lamp"),
    ]


def test_then_come_the_names_before_the_last_word():
    assert ("nappies", "nappy") in list(kind_names("Soft Nappies Size"))


def test_two_letters_and_chinese_name_nothing():
    assert list(kind_names("TV")) == []
    assert list(kind_names("手机")) == []
