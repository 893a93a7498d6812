import pytest

from evaluation import Dimension, JudgedQuery, query_classes
from evaluation.query_classes import word_count


def classes_of(dimension, *texts):
    queries = [JudgedQuery(text=text) for text in texts]
    found = query_classes(queries).get(dimension, {})
    return {name: [query.text for query in members] for name, members in found.items()}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("red dress", 2),
        ("手机壳", 2),
        ("床单 纯棉", 2),
        ("iPhone手机壳", 3),
        ("移动电源", 2),
        ("", 0),
    ],
)
def test_words_are_counted_in_scripts_with_and_without_spaces(text, words):
    assert word_count(text) == words


def test_queries_are_told_apart_by_length():
    assert classes_of(Dimension.LENGTH, "sofa", "red dress", "a b c", "a b c d e") == {
        "1 word": ["sofa"],
        "2 words": ["red dress"],
        "3 words": ["a b c"],
        "4 words or more": ["a b c d e"],
    }


def test_queries_are_told_apart_by_script():
    assert classes_of(Dimension.SCRIPT, "sofa", "沙发", "iPhone 手机壳", "диван", "12 34") == {
        "latin": ["sofa"],
        "han": ["沙发"],
        "han and latin": ["iPhone 手机壳"],
        "cyrillic": ["диван"],
        "no letters": ["12 34"],
    }


def test_codes_numbers_and_words_are_told_apart():
    assert classes_of(Dimension.CODE, "kx-470b", "4006381333931", "14 inch laptop", "sofa") == {
        "with a code": ["kx-470b", "4006381333931"],
        "with a number": ["14 inch laptop"],
        "words only": ["sofa"],
    }


def test_filters_make_a_class():
    plain, filtered = JudgedQuery(text="sofa"), JudgedQuery(text="sofa", filters=("brand=X",))
    assert query_classes([plain, filtered])[Dimension.FILTER] == {
        "with a filter": (filtered,),
        "without a filter": (plain,),
    }


def test_the_queries_of_half_of_all_searches_are_the_head():
    often = JudgedQuery(text="sofa", frequency=60)
    seldom = JudgedQuery(text="red sofa", frequency=30)
    rare = JudgedQuery(text="blue sofa", frequency=10)
    assert query_classes([rare, often, seldom])[Dimension.DEMAND] == {
        "head": (often,),
        "tail": (rare, seldom),
    }


def test_without_frequencies_of_all_queries_there_is_no_head():
    queries = [JudgedQuery(text="sofa", frequency=60), JudgedQuery(text="red sofa")]
    assert Dimension.DEMAND not in query_classes(queries)


def test_a_single_class_is_left_out_since_it_is_all_queries():
    assert query_classes([JudgedQuery(text="sofa"), JudgedQuery(text="lamp")]) == {}
