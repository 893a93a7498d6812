import pytest
from shop import CATALOGUE, NOTHING_KNOWN

from query_understanding.intents.intent_features import (
    LACKS_SOME,
    SAYS_NOTHING_ENGLISH,
    intent_features,
    looks_like_a_code,
    word_features,
)

LEXICON = CATALOGUE.lexicon


def features(text, lexicon=LEXICON):
    return set(intent_features(text, text, lexicon))


@pytest.mark.parametrize(
    ("token", "is_code"),
    [
        ("KX-470B", True),
        ("kx470b", True),
        ("2900980847160", True),
        ("PX/440.1", True),
        ("128gb", False),
        ("180x200", False),
        ("2019", False),
        ("headset", False),
        ("12", False),
    ],
)
def test_codes_are_told_from_sizes_years_and_words(token, is_code):
    assert looks_like_a_code(token) is is_code


def test_words_are_read_in_ones_twos_and_threes_with_beginning_and_end():
    found = set(word_features(["where", "is"]))
    assert found == {
        "words:where",
        "words:is",
        "words:^ where",
        "words:where is",
        "words:is $",
        "words:^ where is",
        "words:where is $",
    }


def test_forms_of_a_long_word_share_their_stem():
    forms = ("cancel", "canceling", "cancellation")
    assert all("stem:cance" in set(word_features([form])) for form in forms)


@pytest.mark.parametrize(
    ("text", "feature"),
    [
        ("nova", "brand:is"),
        ("nova headset", "brand:begins"),
        ("headset", "kind:is"),
        ("red phone case", "kind:ends"),
        ("novaphone 12", "titles have:all"),
        ("garden hose", "catalogue lacks:all"),
        ("蓝牙耳机", "chinese, titles have:all"),
        ("会飞的耳机", "chinese, catalogue lacks:half or more, head in:title"),
        ("蓝牙水壶", "chinese, catalogue lacks:half or more, head in:no"),
        ("KX-470B", "codes:all"),
        ("headset KX-470B", "codes:some"),
        ("is it loud?", "ends with a question mark"),
        ("12", "has a number"),
    ],
)
def test_the_catalogue_and_the_shape_speak(text, feature):
    assert feature in features(text)


def test_a_code_says_nothing_of_what_the_catalogue_has():
    assert "catalogue:nothing to look up" in features("KX-470B")


def test_an_empty_catalogue_is_said_to_be_unknown():
    found = features("garden hose", NOTHING_KNOWN.lexicon)
    assert "catalogue:unknown" in found
    assert not any(each.startswith(("kind:", "brand:", "titles have:")) for each in found)


def test_words_are_read_as_typed_and_looked_up_as_understood():
    found = set(intent_features("hedset", "headset", LEXICON))
    assert {"words:hedset", "kind:is"} <= found


@pytest.mark.parametrize("text", ["", " ", "?!", "🎧", "\u4e00" * 500, "x " * 500])
def test_any_text_has_features(text):
    assert isinstance(intent_features(text, text, LEXICON), tuple)


def test_words_that_stand_in_titles_but_in_none_together_are_no_name_of_what_the_shop_has():
    assert "titles have together:all" in features("red leather case")
    assert "titles have together:none" in features("leather mouse")
    assert not LACKS_SOME.isdisjoint(features("leather mouse curtain"))
    assert LACKS_SOME.isdisjoint(features("red leather case curtain"))


def test_one_word_and_a_sentence_are_not_asked_for_company():
    assert "titles have together:one word" in features("case")
    sentence = features("where do you keep all the leather mouse pads")
    assert not [each for each in sentence if each.startswith("titles have together")]


@pytest.mark.parametrize(
    ("text", "says_nothing"),
    [("wohnzimmer lampe", True), ("zzqj 4ah", True), ("curtain zzqj", False), ("headset", False)],
)
def test_words_that_neither_catalogue_nor_english_has_may_be_another_language(text, says_nothing):
    assert (SAYS_NOTHING_ENGLISH in features(text)) is says_nothing
