import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.text_cleaning import clean_text


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("  two\u00a0 words\u3000here \n", "two words here"),
        ("<p>Soft</p><p>Warm</p>", "Soft Warm"),
        ("<b>8</b>GB RAM", "8GB RAM"),
        ("<ul><li>one<li>two</ul><script>alert(1)</script>", "one two"),
        ("Tom &amp; Jerry &quot;blue&quot;", 'Tom & Jerry "blue"'),
        ("5 &amp;quot; screen", '5 " screen'),
        ("&lt;p&gt;escaped markup&lt;/p&gt;", "escaped markup"),
        ("bolt <M12> 5 < 7 and > 3", "bolt <M12> 5 < 7 and > 3"),
        ("nul\x00 and bell\x07", "nul and bell"),
        ("e\u0301clair", "éclair"),
        ("\u200d", ""),
        ("<!-- note -->text", "text"),
    ],
)
def test_text_reads_as_a_shopper_would_see_it(raw: str, clean: str) -> None:
    assert clean_text(raw) == clean


@given(st.text())
def test_clean_text_has_no_control_characters_and_is_composed(raw: str) -> None:
    clean = clean_text(raw)
    assert not any(unicodedata.category(character) in ("Cc", "Cs") for character in clean)
    assert clean == unicodedata.normalize("NFC", clean)
    assert clean == clean.strip()
