"""Chinese words of the grammar as a pinyin keyboard offers them: 500元一下 for 500元以下."""

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import accumulate, takewhile

from pypinyin import lazy_pinyin

from query_understanding.grammar_phrases import grammar_phrases
from query_understanding.known_catalogue import KnownCatalogue
from query_understanding.lexicon.product_words import cjk_pairs, is_cjk
from query_understanding.spelling.chinese_words import chinese_words

_OPERATORS = (
    "以下", "之下", "以内", "之内", "以上", "之上", "往上", "左右", "上下", "之间", "起步", "封顶",
    "不超过", "不多于", "不高于", "不低于", "不少于", "不大于", "不小于", "低于", "少于", "小于",
    "高于", "超过", "大于", "多于", "至少", "最少", "最低", "起码", "最多", "最高", "至多", "顶多",
    "不到", "不足", "大概", "大约",
)  # fmt: skip
_MOST_TRIED = 4


def heard_operators(text: str, catalogue: KnownCatalogue) -> str:
    """Return a text with the characters put right that sound as a word of the grammar.

    One character is wrong, and the grammar reads a phrase with the right one. Characters that the
    catalogue has side by side are its own: 下载 in 5次下载.

    Args:
        text: normalised.
        catalogue: what was learned from it.
    """
    for start, operator in list(_heard(text, catalogue))[:_MOST_TRIED]:
        end = start + len(operator)
        corrected = f"{text[:start]}{operator}{text[end:]}"
        if any(low <= start and end <= high for low, high in grammar_phrases(corrected, catalogue)):
            text = corrected
    return text


def _heard(text: str, catalogue: KnownCatalogue) -> Iterator[tuple[int, str]]:
    """Yield where characters sound as an operator, and which one that is."""
    sounds = [_sound(each) if is_cjk(each) else "" for each in text]
    for start in range(len(text)):
        for length in (3, 2):
            typed = text[start : start + length]
            operator = _by_sound().get(tuple(sounds[start : start + length]))
            if operator is None or sum(map(str.__ne__, typed, operator)) != 1:
                continue
            around = text[max(start - 1, 0) : start + length + 1]
            if not _knows_any(around, catalogue) and _is_apart(text[start:], length):
                yield start, operator


def _knows_any(around: str, catalogue: KnownCatalogue) -> bool:
    """Say whether the catalogue has two of some characters side by side."""
    return any(pair in catalogue.lexicon.cjk_pairs for pair in cjk_pairs(around))


def _is_apart(text: str, length: int) -> bool:
    """Say whether a word of the language ends after some characters: 一下 of 一下午茶 is none."""
    run = "".join(takewhile(is_cjk, text))
    return length in accumulate(map(len, chinese_words(run)))


@cache
def _by_sound() -> Mapping[tuple[str, ...], str]:
    return {tuple(map(_sound, operator)): operator for operator in reversed(_OPERATORS)}


@cache
def _sound(character: str) -> str:
    return lazy_pinyin(character)[0]
