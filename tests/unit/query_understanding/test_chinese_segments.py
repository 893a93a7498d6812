from hypothesis import given
from hypothesis import strategies as st
from shop import document

from query_understanding import Lexicon, learn_lexicon
from query_understanding.lexicon.chinese_segments import chinese_segments

LEXICON = learn_lexicon(
    [
        *[document("蓝牙耳机 降噪 长续航", product_type="耳机", language="zh")] * 2,
        *[document("磁吸手机壳 防摔", product_type="手机壳", brand="壳小满", language="zh")] * 2,
        *[document("纯棉毛巾 加厚", product_type="毛巾", has={"颜色": "奶白色"}, language="zh")]
        * 2,
    ]
)


def words(text, lexicon=LEXICON):
    return [text[each.start : each.end] for each in chinese_segments(text, lexicon)]


def known(text):
    return {text[each.start : each.end]: each.is_known for each in chinese_segments(text, LEXICON)}


def test_names_of_the_catalogue_are_words():
    assert words("壳小满奶白色手机壳") == ["壳小满", "奶白色", "手机壳"]


def test_characters_that_titles_have_side_by_side_are_a_word():
    assert words("降噪耳机") == ["降噪", "耳机"]
    assert known("加厚毛巾") == {"加厚": True, "毛巾": True}


def test_what_no_title_has_is_one_unknown_word():
    assert known("宇航员手机壳") == {"宇航员": False, "手机壳": True}


def test_particles_stand_alone():
    assert words("会飞的手机壳") == ["会飞", "的", "手机壳"]
    (particle,) = (each for each in chinese_segments("防摔的手机壳", LEXICON) if each.is_particle)
    assert (particle.start, particle.end, particle.is_known) == (2, 3, False)


def test_spaces_and_other_scripts_part_words():
    assert words("novaphone 12手机壳 磁 吸") == ["手机壳", "磁", "吸"]


def test_without_a_catalogue_nothing_is_known():
    assert [each.is_known for each in chinese_segments("蓝牙耳机", Lexicon())] == [False]
    assert chinese_segments("red case", LEXICON) == ()


def test_of_a_pasted_text_only_the_beginning_is_read():
    assert chinese_segments("手机壳" * 400, LEXICON)[-1].end == 100


@given(st.text(alphabet="蓝牙耳机的手壳宇航员 a1，", max_size=30))
def test_every_chinese_character_is_in_exactly_one_word(text):
    covered = [
        place for each in chinese_segments(text, LEXICON) for place in range(each.start, each.end)
    ]
    assert covered == [place for place, each in enumerate(text) if each not in " a1，"]
