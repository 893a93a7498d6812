from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from query_understanding.spelling.deletion_index import DeletionIndex

WORDS = st.text(alphabet="abcdé", min_size=1, max_size=10)


# The first example also loads numpy, which takes long on a busy machine.
@settings(deadline=None)
@given(st.lists(WORDS, min_size=1, max_size=30, unique=True), WORDS, st.integers(0, 2))
def test_exactly_the_words_within_so_many_edits_are_found(words, typed, edits):
    expected = {
        (word, OSA.distance(typed, word)) for word in words if OSA.distance(typed, word) <= edits
    }
    assert set(DeletionIndex(words).within(typed, edits)) == expected


def test_an_index_without_words_finds_nothing():
    assert DeletionIndex([]).within("abc", 2) == []
