import random

from hypothesis import given
from hypothesis import strategies as st

from reranker.training.query_noise import noisy


def slips(query, draws=60):
    return {noisy(query, random.Random(seed)) for seed in range(draws)}


def test_letters_are_swapped_dropped_or_doubled():
    assert {"pirnter", "pinter", "prrinter"} <= slips("printer")


def test_the_first_letter_and_short_words_stay():
    assert all(each.startswith("usb p") for each in slips("usb printer"))


def test_a_query_of_short_words_stays_as_it_is():
    assert slips("usb hub 12345") == {"usb hub 12345"}


@given(st.text(max_size=40), st.integers())
def test_a_slip_changes_the_length_by_one_at_most_a_word(query, seed):
    before, after = query.split(), noisy(query, random.Random(seed)).split()
    assert len(before) == len(after)
    assert sum(abs(len(one) - len(other)) for one, other in zip(before, after, strict=True)) <= 1
