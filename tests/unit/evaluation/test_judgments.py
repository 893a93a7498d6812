from hypothesis import given
from hypothesis import strategies as st

from evaluation import JudgedQuery, Judgment, Judgments

DRESS = JudgedQuery(text="red dress")
SHIRT = JudgedQuery(text="shirt", filters=("brand=HP", "price<50"))


def judgment(query, product_id, grade, sessions=None):
    return Judgment(query=query, product_id=product_id, grade=grade, sessions=sessions)


def test_queries_keep_the_order_in_which_they_first_appear():
    judgments = Judgments.of(
        [judgment(SHIRT, "a", 1), judgment(DRESS, "b", 2), judgment(SHIRT, "c", 0)]
    )
    assert judgments.queries == (SHIRT, DRESS)
    assert judgments.grades(SHIRT) == {"a": 1, "c": 0}
    assert len(judgments) == 3


def test_filters_tell_queries_apart_and_frequency_does_not():
    assert JudgedQuery(text="shirt") != SHIRT
    assert JudgedQuery(text="red dress", frequency=7) == DRESS


def test_a_frequency_that_any_of_the_lines_gives_is_kept():
    often = JudgedQuery(text="red dress", frequency=7)
    judgments = Judgments.of([judgment(DRESS, "a", 1), judgment(often, "b", 1)])
    assert [query.frequency for query in judgments.queries] == [7]


def test_only_queries_with_a_relevant_product_are_measurable():
    judgments = Judgments.of([judgment(DRESS, "a", 0), judgment(SHIRT, "a", 1)])
    assert judgments.measurable() == (SHIRT,)
    assert judgments.without_relevant() == (DRESS,)


def test_unknown_products_are_counted_with_their_judgments():
    judgments = Judgments.of(
        [judgment(DRESS, "gone", 3), judgment(SHIRT, "gone", 0), judgment(SHIRT, "here", 1)]
    )
    assert judgments.unknown_products({"here"}) == {"gone": 2}


def test_a_part_has_the_judgments_of_its_queries_alone():
    judgments = Judgments.of([judgment(DRESS, "a", 1, sessions=40), judgment(SHIRT, "b", 1)])
    part = judgments.only([DRESS])
    assert list(part) == [judgment(DRESS, "a", 1, sessions=40)]


def test_a_key_is_one_word_that_can_be_read():
    assert DRESS.key == "red%20dress"


def test_an_id_that_is_no_key_is_taken_as_text():
    assert JudgedQuery.from_key("100%").text == "100%"
    assert JudgedQuery.from_key("q%FF").text == "q%FF"
    assert JudgedQuery.from_key("17") == JudgedQuery(text="17")


@given(st.text(min_size=1).filter(lambda text: "\x1f" not in text), st.lists(st.text(min_size=1)))
def test_every_query_comes_back_from_its_key(text, filters):
    kept = tuple(each.replace("\x1f", "") or "x" for each in filters)
    query = JudgedQuery(text=text, filters=kept)
    assert JudgedQuery.from_key(query.key) == query
    assert not any(character.isspace() for character in query.key)
