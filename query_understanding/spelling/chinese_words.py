"""Which Chinese characters stand in words of the language, whether or not a catalogue has them."""

_SHORTEST = 2


def in_words(run: str) -> tuple[bool, ...]:
    """Return for each character whether it is part of a word of two characters or more.

    Args:
        run: Chinese characters.
    """
    return tuple(len(word) >= _SHORTEST for word in chinese_words(run) for _ in range(len(word)))


def chinese_words(run: str) -> list[str]:
    """Return the words of a text, divided so that they are as frequent as can be.

    They are those of jieba's dictionary (350,000); what only might be a name is none. It takes
    35 MB, from the first call on.

    Args:
        run: Chinese characters.
    """
    from rjieba import cut  # noqa: PLC0415 - shops without Chinese need no dictionary

    return cut(run, hmm=False)
