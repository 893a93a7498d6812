from shop import CATALOGUE, document, rewritten

from query_understanding import KnownCatalogue, learn_lexicon
from query_understanding.word_languages import LanguageRewriter, word_languages
from search_core import QueryPlan

CHINESE = KnownCatalogue(
    learn_lexicon([document(f"蓝牙耳机 Nova {n}", language="zh") for n in range(4)])
)
TWO_LANGUAGES = KnownCatalogue(
    learn_lexicon(
        [document(f"Leather belt {n} Nova", language="en") for n in range(9)]
        + [document(f"Lederguertel braun {n} Nova", language="de") for n in range(4)]
    )
)


def told(text, catalogue=CATALOGUE):
    return [(each.word, each.language) for each in word_languages(text, catalogue.lexicon)]


def test_each_word_of_a_mixed_query_has_its_language():
    assert told("苹果 iPhone 12手机壳") == [
        ("苹果", "zh"),
        ("iPhone", "en"),
        ("12", None),
        ("手机壳", "zh"),
    ]


def test_words_of_other_scripts_are_told_by_them():
    assert told("чехол case 케이스") == [("чехол", "ru"), ("case", "en"), ("케이스", "ko")]


def test_a_latin_word_in_a_chinese_shop_is_not_chinese():
    assert told("nova 耳机", CHINESE) == [("nova", "en"), ("耳机", "zh")]


def test_codes_have_no_language():
    assert told("KX-470B") == [("KX", "en"), ("470B", None)]


def test_words_that_only_products_of_another_language_have_are_in_it():
    assert TWO_LANGUAGES.lexicon.foreign_words == {"lederguertel": "de", "braun": "de"}
    assert told("Lederguertel nova", TWO_LANGUAGES) == [("Lederguertel", "de"), ("nova", "en")]


def test_the_query_is_in_the_language_of_most_of_its_words():
    plan = LanguageRewriter().rewrite(
        QueryPlan(original_text="", text="lederguertel braun nova", language="en"), TWO_LANGUAGES
    )
    assert plan.language == "de"
    assert plan.log[0].message == "the words are de, not en"


def test_one_foreign_word_among_several_leaves_the_language():
    plan = LanguageRewriter().rewrite(
        QueryPlan(original_text="", text="leather belt braun", language="en"), TWO_LANGUAGES
    )
    assert plan.language == "en"


def test_no_words_have_no_languages():
    assert rewritten(LanguageRewriter(), "").word_languages == ()
