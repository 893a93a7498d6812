import pytest

from reranker.language_guard import are_readable, can_read, model_language


@pytest.mark.parametrize(
    ("languages", "text", "language", "expected"),
    [
        (("en",), "red dress", "en", True),
        (("en",), "red dress", None, True),
        (("en",), "robe rouge", "fr", False),
        (("en",), "红色连衣裙", None, False),
        (("en",), "红色连衣裙 nike", "en", False),
        (("en",), "café crème", None, True),
        (("en",), "красное платье", None, False),
        (("en",), "12345 !!", None, True),
        (("en", "zh"), "红色连衣裙 nike", "zh", True),
        (("zh",), "iphone 14", "zh", True),
        (("zh",), "iphone 14", None, True),
        (("zh",), "赤いドレス", None, False),
        (("ja",), "赤いドレス", "ja", True),
        (("ko",), "빨간 드레스", "ko", True),
        (("ja",), "佐々木", "ja", True),
        (("en",), "5 µm filter", "en", True),
        (("en",), "470 Ω resistor", None, True),
        (("en",), "μπλε φόρεμα", None, False),
        (("ru",), "красное платье", "ru", True),
        (("en",), "ｒｅｄ ｄｒｅｓｓ", None, True),
        (("en",), "", None, True),
        ((), "红色连衣裙", "zh", True),
    ],
)
def test_a_query_is_read_by_models_of_its_language_and_letters(languages, text, language, expected):
    assert can_read(languages, text, language) is expected


@pytest.mark.parametrize(
    ("language", "dress"),
    [
        ("bn", "পোশাক"), ("gu", "ડ્રેસ"), ("hi", "पोशाक"), ("hy", "զգեստ"), ("ka", "კაბა"),
        ("kk", "көйлек"), ("km", "រ៉ូប"), ("ko", "드레스"), ("lo", "ຊຸດ"), ("my", "ဝတ်စုံ"),
        ("ta", "ஆடை"), ("te", "దుస్తులు"), ("th", "ชุดเดรส"), ("ur", "لباس"), ("yi", "קלייד"),
    ],
)  # fmt: skip
def test_a_language_is_known_by_its_letters(language, dress):
    assert can_read((language,), dress, None)
    assert not can_read(("en", "de"), dress, None)


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("red dress", "en", None),
        ("red dress", None, None),
        ("红色连衣裙", "zh", "zh"),
        ("红色连衣裙", None, "zh"),
        ("红色连衣裙 nike", None, "zh"),
        ("iphone 14", "zh", "zh"),
        ("iphone 14", None, None),
        ("5 µm filter", None, None),
        ("赤いドレス", None, "ja"),
        ("红色连衣裙", "ja", "ja"),
        ("красное платье", None, None),
        ("красное платье", "ru", None),
        ("12345 !!", None, None),
        ("", None, None),
    ],
)
def test_a_query_goes_to_the_model_of_its_language_or_letters(text, language, expected):
    assert model_language(("zh", "ja"), text, language) == expected


def test_letters_of_two_languages_are_for_the_one_that_is_named_first():
    assert model_language(("ja", "zh"), "連衣裙", None) == "ja"
    assert model_language(("zh", "ja"), "連衣裙", None) == "zh"


@pytest.mark.parametrize(
    ("languages", "passages", "expected"),
    [
        (("en",), ["a red dress", "café crème"], True),
        (("en",), ["红色连衣裙", "夏季棉质长裙子 cotton"], False),
        (("en",), ["红色连衣裙", "a red dress"], True),
        (("en",), ["红色连衣裙", "12345", ""], False),
        (("en",), ["nike air max 270 跑鞋"], True),
        (("en",), ["", "12 345"], True),
        (("en",), [], True),
        (("zh",), ["红色连衣裙", "a red dress"], True),
        (("zh",), ["красное платье"], False),
        ((), ["红色连衣裙"], True),
    ],
)
def test_passages_are_read_where_most_are_in_letters_of_the_model(languages, passages, expected):
    assert are_readable(languages, passages) is expected
