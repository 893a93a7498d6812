"""Which language the page speaks, and that it says the same in each."""

import re
from dataclasses import fields

import pytest

from query_proxy.search_page.language import TEXTS, chosen_texts
from query_proxy.search_page.texts import PageTexts


@pytest.mark.parametrize(
    ("asked", "accepted", "language"),
    [
        (None, None, "en"),
        (None, "zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        (None, "en-GB,en;q=0.9,zh;q=0.8", "en"),
        (None, "de, zh;q=0.5, en;q=0.7", "en"),
        (None, "zh;q=0, en;q=0.1", "en"),
        (None, "fr-CH, fr;q=0.9", "en"),
        (None, "zh;q=nonsense;;,,", "en"),
        ("zh", "en", "zh"),
        ("ZH-hant", "en", "zh"),
        ("xx", "zh", "zh"),
    ],
)
def test_the_switch_decides_then_the_browser(asked, accepted, language):
    assert chosen_texts(asked, accepted).language == language


def placeholders(texts: PageTexts) -> dict[str, object]:
    found: dict[str, object] = {}
    for each in fields(texts):
        value = getattr(texts, each.name)
        entries = value.items() if isinstance(value, dict) else [("", value)]
        for key, text in entries:
            found[f"{each.name}.{key}"] = sorted(re.findall(r"\{\w+\}", str(text)))
    return found


def test_each_language_has_every_text_with_the_same_gaps():
    first, *others = TEXTS.values()
    for other in others:
        assert placeholders(other) == placeholders(first)


def test_no_text_is_empty():
    for texts in TEXTS.values():
        for each in fields(texts):
            value = getattr(texts, each.name)
            entries = value.values() if isinstance(value, dict) else [value]
            assert all(entries), each.name
