import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from language_models.json_answer import UnfitAnswerError, read_answer


class Names(BaseModel):
    names: list[str]


@given(st.lists(st.text(max_size=20), max_size=5), st.sampled_from(["", "Sure:\n", "好的：\n\n"]))
def test_every_answer_is_read_back_whatever_its_texts(names, before):
    answer = Names(names=names)
    assert read_answer(before + answer.model_dump_json() + "\nBye.", Names) == answer


@given(st.text(max_size=200))
def test_no_text_does_anything_but_fit_or_be_refused(text):
    with contextlib.suppress(UnfitAnswerError):
        read_answer(text, Names)


def test_a_reason_names_the_place_and_quotes_nothing():
    with pytest.raises(
        UnfitAnswerError, match=r"names\.1: Input should be a valid string"
    ) as error:
        read_answer('{"names": ["a", {"private": 1}]}', Names)
    assert "private" not in str(error.value)
