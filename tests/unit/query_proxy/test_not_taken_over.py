from hypothesis import given
from hypothesis import strategies as st

from query_proxy.takeover.not_taken_over import header_text


@given(st.text())
def test_a_header_holds_one_line_of_plain_characters(text):
    told = header_text(text)
    assert told.isascii()
    assert told.isprintable() or told == ""
    assert len(told) <= 160
