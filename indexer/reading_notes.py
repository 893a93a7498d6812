"""What a reader of a catalogue left out or made up, though it kept the product."""

import logging
from collections import Counter

_logger = logging.getLogger(__name__)

_LONGEST_EXAMPLE = 60


class ReadingNotes:
    """Counts oddities of rows that became products all the same.

    Attributes:
        unreadable: by field, how many values could not be read and were left out.
        without_id: products whose row names no id.
    """

    def __init__(self) -> None:
        """Start with nothing noted."""
        self.unreadable: Counter[str] = Counter()
        self.without_id = 0
        self._examples: dict[str, str] = {}

    def leave_out(self, field: str, value: object) -> None:
        """Note a value that could not be read; the first one of a field is its example."""
        if not self.unreadable[field]:
            self._examples[field] = " ".join(str(value).split())[:_LONGEST_EXAMPLE]
            _logger.info("value_left_out field=%s value=%r", field, self._examples[field])
        self.unreadable[field] += 1

    def sentences(self) -> tuple[str, ...]:
        """Return what there is to say, in words."""
        told = [
            f"{field}: {_values(count)} not readable and left out, e.g. {self._examples[field]!r}"
            for field, count in self.unreadable.most_common()
        ]
        if self.without_id:
            products = (
                "1 product has" if self.without_id == 1 else f"{self.without_id:,} products have"
            )
            told.append(
                f"{products} no id: a hash of the whole row stands for it, so that a changed row"
                " is another product"
            )
        return tuple(told)


def _values(count: int) -> str:
    return "1 value is" if count == 1 else f"{count:,} values are"
