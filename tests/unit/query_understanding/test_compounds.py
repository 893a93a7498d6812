from shop import NOTHING_KNOWN, rewritten

from query_understanding.spelling.compounds import CompoundRewriter


def test_words_that_the_catalogue_writes_as_one_are_joined():
    plan = rewritten(CompoundRewriter(), "red head set")
    assert plan.text == "red headset"
    assert plan.original_text == "red head set"
    assert plan.log[0].message == "'head set' is searched as 'headset'"


def test_a_word_that_the_catalogue_only_writes_apart_is_split():
    assert rewritten(CompoundRewriter(), "mousepad").text == "mouse pad"


def test_an_unknown_word_is_split_into_familiar_ones():
    assert rewritten(CompoundRewriter(), "leathercase").text == "leather case"


def test_known_words_and_words_of_the_language_stay():
    for text in ("headset", "flashlight", "mouse pad", ""):
        plan = rewritten(CompoundRewriter(), text)
        assert (plan.text, plan.variants) == (text, ())


def test_nothing_is_joined_where_nothing_is_known():
    assert rewritten(CompoundRewriter(), "head set", NOTHING_KNOWN).text == "head set"
