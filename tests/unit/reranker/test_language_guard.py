import pytest

from reranker.language_guard import can_read


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
