import pytest
from shop import NOTHING_KNOWN, rewritten

from query_understanding.relaxation import RelaxationRewriter


def relaxed(text):
    plan = rewritten(RelaxationRewriter(), text)
    return [(each.text, each.left_out) for each in plan.relaxations]


def test_what_no_product_has_goes_first():
    assert relaxed("red leather xyzzy")[0] == ("red leather", ("xyzzy",))


def test_the_word_that_says_least_goes_next():
    assert relaxed("silicone for novaphone")[0] == ("silicone novaphone", ("for",))


def test_the_more_frequent_of_two_words_goes_first():
    # 18 titles have `case`, which is no kind by itself, and 9 `silicone`
    assert relaxed("silicone case")[0] == ("silicone", ("case",))


def test_brands_and_kinds_stay_longest():
    texts = [text for text, _ in relaxed("hidewell red leather headset")]
    assert texts[-1] in ("hidewell", "headset")
    assert all("hidewell" in text and "headset" in text for text in texts[:-1])


def test_the_last_relaxation_is_a_single_word():
    assert len(relaxed("red leather silicone novaphone case")[-1][0].split()) == 1


@pytest.mark.parametrize("text", ["headset", "", "蓝牙耳机", "xyzzy"])
def test_a_text_of_one_word_has_nothing_to_leave_out(text):
    assert relaxed(text) == []


def test_the_text_and_the_log_stay_as_they_are():
    plan = rewritten(RelaxationRewriter(), "red leather xyzzy")
    assert plan.text == "red leather xyzzy"
    assert plan.log == ()


def test_nothing_is_left_out_where_nothing_is_known():
    assert rewritten(RelaxationRewriter(), "red xyzzy", NOTHING_KNOWN).relaxations == ()
