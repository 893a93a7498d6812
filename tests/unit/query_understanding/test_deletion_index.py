from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import DamerauLevenshtein

from query_understanding.spelling.deletion_index import DeletionIndex

WORDS = st.text(alphabet="abcdé", min_size=1, max_size=10)


# The first example also loads numpy, which takes long on a busy machine.
@settings(deadline=None)
@given(st.lists(WORDS, min_size=1, max_size=30, unique=True), WORDS, st.integers(0, 2))
def test_exactly_the_words_within_so_many_edits_are_found(words, typed, edits):
    distances = {(word, DamerauLevenshtein.distance(typed, word)) for word in words}
    expected = {(word, distance) for word, distance in distances if distance <= edits}
    assert set(DeletionIndex(words).within(typed, edits)) == expected


def test_an_index_without_words_finds_nothing():
    assert DeletionIndex([]).within("abc", 2) == []


def test_letters_that_are_swapped_around_another_edit_are_two_edits():
    assert DeletionIndex(["huawei"]).within("hatuwei", 2) == [("huawei", 2)]
    assert DeletionIndex(["cable"]).within("clae", 2) == [("cable", 2)]
