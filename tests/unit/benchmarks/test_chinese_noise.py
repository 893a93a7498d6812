import random

from pypinyin import lazy_pinyin

from benchmarks.chinese_noise import full_width, homophone, in_pinyin


def test_one_character_becomes_another_of_the_same_sound():
    spoilt = homophone("蓝牙耳机", random.Random(1))
    assert sum(one != other for one, other in zip(spoilt, "蓝牙耳机", strict=True)) == 1
    assert lazy_pinyin(spoilt) == lazy_pinyin("蓝牙耳机")


def test_the_last_two_characters_are_typed_in_pinyin():
    assert in_pinyin("蓝牙耳机", random.Random(1)) == "蓝牙 erji"
    assert in_pinyin("耳机", random.Random(1)) == "erji"


def test_letters_digits_and_spaces_become_full_width():
    assert full_width("TV 55", random.Random(1)) == "ＴＶ　５５"
