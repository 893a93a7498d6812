"""What a reader of a catalogue left out or made up, though it kept the product."""

import logging
from collections import Counter
from collections.abc import Iterator

_logger = logging.getLogger(__name__)

_LONGEST_EXAMPLE = 60


class ReadingNotes:
    """Counts oddities of rows that became products all the same.

    Attributes:
        unreadable: by field, how many values could not be read and were left out.
        mistyped: by attribute, how many values are not of the type that the schema gives its field,
            and were kept as text.
        without_id: products whose row names no id.
    """

    def __init__(self) -> None:
        """Start with nothing noted."""
        self.unreadable: Counter[str] = Counter()
        self.mistyped: Counter[str] = Counter()
        self.without_id = 0
        self._unreadable_examples: dict[str, str] = {}
        self._mistyped_examples: dict[str, str] = {}

    def leave_out(self, field: str, value: object) -> None:
        """Note a value that could not be read; the first one of a field is its example."""
        if not self.unreadable[field]:
            self._unreadable_examples[field] = example = _excerpt(value)
            _logger.info("value_left_out field=%s value=%r", field, example)
        self.unreadable[field] += 1

    def keep_as_text(self, attribute: str, text: str) -> None:
        """Note a value that is none of its field's type; the first one is the example."""
        if not self.mistyped[attribute]:
            self._mistyped_examples[attribute] = example = _excerpt(text)
            _logger.info("value_kept_as_text attribute=%s value=%r", attribute, example)
        self.mistyped[attribute] += 1

    def by_field(self) -> Iterator[tuple[str, str]]:
        """Yield fields and attributes with odd values, and a sentence about each."""
        for field, count in self.unreadable.most_common():
            example = self._unreadable_examples[field]
            yield field, f"{field}: {_values(count)} not readable and left out, e.g. {example!r}"
        for attribute, count in self.mistyped.most_common():
            example = self._mistyped_examples[attribute]
            what = f"{_values(count)} not of the type that the schema says and kept as text"
            yield attribute, f"{attribute}: {what}, e.g. {example!r}"

    def sentences(self) -> tuple[str, ...]:
        """Return what there is to say, in words."""
        told = [sentence for _, sentence in self.by_field()]
        if self.without_id:
            products = (
                "1 product has" if self.without_id == 1 else f"{self.without_id:,} products have"
            )
            told.append(
                f"{products} no id: a hash of the whole row stands for it, so that a changed row"
                " is another product"
            )
        return tuple(told)


def _excerpt(value: object) -> str:
    return " ".join(str(value).split())[:_LONGEST_EXAMPLE]


def _values(count: int) -> str:
    return "1 value is" if count == 1 else f"{count:,} values are"
