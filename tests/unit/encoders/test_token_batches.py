import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from encoders.token_batches import TokenTable, distinct_texts, length_sorted_batches


def test_each_text_is_kept_once_in_order_of_first_appearance():
    unique, places = distinct_texts(["red", "blue", "red", "", "blue"])
    assert unique == ["red", "blue", ""]
    assert places.tolist() == [0, 1, 0, 2, 1]


def test_half_a_surrogate_pair_becomes_a_question_mark():
    assert distinct_texts(["a\ud83d", "裙"])[0] == ["a?", "裙"]


def test_a_batch_holds_as_many_texts_as_fit_at_the_length_of_its_longest():
    # 10 tokens: 5+5, then 4+4 (two of 4 are 8, a third would be 12), then 2.
    batches = length_sorted_batches(np.array([4, 5, 2, 5, 4]), batch_tokens=10)
    assert [batch.tolist() for batch in batches] == [[1, 3], [0, 4], [2]]


def test_a_text_longer_than_a_batch_is_a_batch_of_its_own():
    batches = length_sorted_batches(np.array([3, 50]), batch_tokens=10)
    assert [batch.tolist() for batch in batches] == [[1], [0]]


def test_few_texts_are_shared_between_the_workers():
    assert len(length_sorted_batches(np.array([6, 6, 6, 6]), batch_tokens=512, workers=2)) == 2


@given(
    st.lists(st.integers(1, 128), max_size=200),
    st.integers(1, 600),
    st.integers(1, 8),
)
def test_batches_hold_every_text_once_and_keep_the_budget(lengths, batch_tokens, workers):
    array = np.array(lengths, np.int64)
    batches = length_sorted_batches(array, batch_tokens, workers)
    assert sorted(i for batch in batches for i in batch.tolist()) == list(range(len(lengths)))
    for batch in batches:
        assert len(batch) == 1 or len(batch) * array[batch].max() <= batch_tokens


def test_a_padded_batch_has_a_mask_over_its_tokens():
    table = TokenTable.from_ids([[7, 8, 9], [5], [6, 4]])
    ids, mask = table.padded(np.array([2, 0]), pad_token_id=1)
    assert ids.tolist() == [[6, 4, 1], [7, 8, 9]]
    assert mask.tolist() == [[1, 1, 0], [1, 1, 1]]


def test_a_joined_batch_has_its_tokens_one_after_the_other():
    table = TokenTable.from_ids([[7, 8, 9], [5], [6, 4]])
    ids, lengths = table.joined(np.array([2, 0, 1]))
    assert ids.tolist() == [6, 4, 7, 8, 9, 5]
    assert lengths.tolist() == [2, 3, 1]
