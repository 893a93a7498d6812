from random import Random

from shop import document, products

from query_understanding import learn_lexicon, short_form
from query_understanding.lexicon.lexicon_codec import decode_lexicon, encode_lexicon


def test_a_short_form_is_a_stretch_of_a_title_without_sizes_and_codes():
    choose = Random(3)
    words = ["red", "leather", "case", "128gb", "12"]
    for _ in range(50):
        form = short_form(words, choose)
        assert 1 <= len(form) <= 3
        assert " ".join(form) in "red leather case"


def test_a_title_of_numbers_makes_no_query():
    assert short_form(["12", "128gb"], Random(1)) == []


def test_a_kind_knows_the_categories_that_most_of_its_products_stand_in():
    lexicon = learn_lexicon(
        [
            document("Lamp", product_type="Lamp", category=["Home", "Home > Light"]),
            document("Lamp", product_type="Lamp", category=["Home", "Home > Light"]),
            document("Lamp", product_type="Lamp", category=["Office"]),
        ]
    )
    assert lexicon.kinds[0].path == ("Home", "Home > Light")


def test_a_category_is_not_its_own_parent():
    lexicon = learn_lexicon([document("Lamp", category=["Home", "Home > Light"])] * 2)
    assert (lexicon.kinds[0].name, lexicon.kinds[0].path) == ("Home > Light", ("Home",))


def test_equal_catalogues_are_learned_alike():
    one, other = learn_lexicon(products()), learn_lexicon(products())
    assert one.category_calibration == other.category_calibration
    assert one.pair_kinds == other.pair_kinds


def test_what_was_learned_is_read_as_it_was_written():
    lexicon = learn_lexicon(
        [document(f"Desk lamp {n}", product_type="Lamp", category=["Home"]) for n in range(3)]
    )
    again = decode_lexicon(encode_lexicon(lexicon))
    assert again.pair_kinds == lexicon.pair_kinds
    assert again.category_calibration == lexicon.category_calibration
    assert again.kinds[0].path == ("Home",)


def test_words_that_leave_no_doubt_in_a_noisy_catalogue_are_trusted_less():
    choose = Random(1)
    kinds = ("Lamp", "Chair", "Desk")
    clean = learn_lexicon(
        [document(f"{kind} number", product_type=kind) for kind in kinds for _ in range(60)]
    )
    noisy = learn_lexicon(
        [
            document(f"{kind} number", product_type=choose.choice(kinds))
            for kind in kinds
            for _ in range(60)
        ]
    )
    assert noisy.category_calibration.temperature > clean.category_calibration.temperature
