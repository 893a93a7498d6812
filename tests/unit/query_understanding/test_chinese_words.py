from hypothesis import given
from hypothesis import strategies as st

from query_understanding.spelling.chinese_words import chinese_words, in_words


def test_a_word_that_no_catalogue_needs_to_have_is_one():
    assert chinese_words("毛衣收纳") == ["毛衣", "收纳"]
    assert in_words("懒芽毛衣") == (False, False, True, True)


@given(st.text(alphabet="毛衣蓝牙耳机的一下午茶坦芽钥", max_size=40))
def test_every_character_is_in_one_word(run):
    assert "".join(chinese_words(run)) == run
    assert len(in_words(run)) == len(run)
