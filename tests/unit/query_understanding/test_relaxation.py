import pytest
from shop import NOTHING_KNOWN, document, rewritten

from query_understanding import KnownCatalogue, learn_lexicon
from query_understanding.relaxation import RelaxationRewriter


def relaxed(text):
    plan = rewritten(RelaxationRewriter(), text)
    return [(each.text, each.left_out) for each in plan.relaxations]


def test_what_no_product_has_goes_first():
    assert relaxed("red leather xyzzy")[0] == ("red leather", ("xyzzy",))


def test_a_pasted_text_is_not_weighed_word_by_word():
    assert relaxed("red leather xyzzy " * 16) != []
    assert relaxed("red leather xyzzy " * 17) == []


def test_the_word_that_says_least_goes_next():
    assert relaxed("silicone for novaphone")[0] == ("silicone novaphone", ("for",))


def test_the_more_frequent_of_two_words_goes_first():
    # 18 titles have `case`, which is no kind by itself, and 9 `silicone`
    assert relaxed("silicone case")[0] == ("silicone", ("case",))


def test_brands_and_kinds_stay_longest():
    texts = [text for text, _ in relaxed("hidewell red leather headset")]
    assert texts[-1] in ("hidewell", "headset")
    assert all("hidewell" in text and "headset" in text for text in texts[:-1])


def test_half_of_the_words_that_name_something_stay():
    kept = [len(text.split()) for text, _ in relaxed("red leather silicone novaphone case")]
    assert kept == [4, 3]


def test_the_name_of_a_kind_may_be_all_that_stays():
    assert relaxed("xyzzy quux plugh headset")[-1][0] == "headset"


def test_a_sentence_is_not_reduced_to_its_one_known_word():
    assert relaxed("xyzzy is quux from plugh leather") == []


def test_an_unknown_word_of_chinese_text_goes_first():
    assert relaxed("宇航员耳机") == [("耳机", ("宇航员",))]


def test_a_particle_goes_with_the_unknown_word_before_it():
    assert relaxed("会飞的耳机") == [("耳机", ("会飞", "的"))]


def test_chinese_and_latin_words_are_left_out_of_one_text():
    assert relaxed("xyzzy 蓝牙耳机 降噪")[0] == ("蓝牙耳机 降噪", ("xyzzy",))


def test_chinese_text_that_goes_on_is_not_about_what_it_begins_with():
    # Earphones that crackle and break off: the trouble stands last.
    assert relaxed("耳机沙沙响和断开怎样修") == []


@pytest.mark.parametrize("text", ["headset", "", "耳机", "宇航员", "xyzzy"])
def test_a_text_of_one_word_has_nothing_to_leave_out(text):
    assert relaxed(text) == []


def test_the_text_and_the_log_stay_as_they_are():
    plan = rewritten(RelaxationRewriter(), "red leather xyzzy")
    assert plan.text == "red leather xyzzy"
    assert plan.log == ()


def test_nothing_is_left_out_where_nothing_is_known():
    assert rewritten(RelaxationRewriter(), "red xyzzy", NOTHING_KNOWN).relaxations == ()


def groceries():
    pasta = [document(f"Gluten free pasta {n}", product_type="Pasta") for n in range(3)]
    corn = [document(f"Corn no added sugar {n}", product_type="Corn") for n in range(4)]
    sugar = [document(f"Cane sugar {n}", product_type="Sugar") for n in range(2)]
    wine = [document(f"Alcohol free wine {n}", product_type="Alcohol free wine") for n in range(2)]
    return KnownCatalogue(learn_lexicon([*pasta, *corn, *sugar, *wine]))


def relaxed_groceries(text):
    plan = rewritten(RelaxationRewriter(), text, groceries())
    return [(each.text, each.left_out) for each in plan.relaxations]


@pytest.mark.parametrize(
    ("text", "negation"),
    [("gluten free pasta", "gluten free"), ("no added sugar pasta", "no added sugar")],
)
def test_a_negation_is_left_out_with_what_it_denies(text, negation):
    assert relaxed_groceries(text) == [("pasta", (negation,))]


def test_what_is_denied_and_unknown_goes_with_its_negation():
    assert relaxed_groceries("xyzzy free pasta") == [("pasta", ("xyzzy free",))]


def test_a_kind_that_is_denied_is_not_what_stays():
    assert all(text != "no added sugar" for text, _ in relaxed_groceries("no added sugar corn bar"))


def test_the_name_of_a_kind_that_has_a_negation_stays():
    texts = [text for text, _ in relaxed_groceries("xyzzy alcohol free wine")]
    assert texts[0] == "alcohol free wine"
    assert "alcohol wine" not in texts
