"""One object for equal texts."""

_MOST_REMEMBERED = 50_000


class SharedTexts:
    """Gives every text equal to an earlier one as that one.

    Thousands of counted pairs then share their words instead of each keeping copies. Not
    `sys.intern`: since Python 3.12 it keeps what it was given until the process ends, and a
    catalogue of millions has as many model numbers.
    """

    def __init__(self) -> None:
        """Begin with nothing."""
        self._texts: dict[str, str] = {}

    def __call__(self, text: str) -> str:
        """Return the first text that was equal to this one, as far as it is remembered."""
        if len(self._texts) >= _MOST_REMEMBERED:
            self._texts.clear()
        return self._texts.setdefault(text, text)
