"""Which delimiter a text table uses, and what its columns are called."""

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence

from search_core import CatalogFormatError

DELIMITERS = (",", "\t", ";", "|")
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")


def sniff_delimiter(head: str) -> str | None:
    """Return the delimiter that cuts most of the first records into the same number of cells.

    Returns:
        `None` when no delimiter makes two columns or more: not a table.
    """
    best: tuple[float, int, str] | None = None
    for delimiter in DELIMITERS:
        widths = _widths(head, delimiter)
        if not widths or widths[0] < 2:
            continue
        # The header's width is the measure: a comma inside of prose makes ragged records.
        agreeing = sum(width == widths[0] for width in widths) / len(widths)
        score = (agreeing if agreeing > 0.5 else agreeing / 2, widths[0], delimiter)
        if best is None or score[:2] > best[:2]:
            best = score
    return best[2] if best else None


def _widths(head: str, delimiter: str) -> list[int]:
    records = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter)
    widths: list[int] = []
    try:
        for record in records:
            if record:
                widths.append(len(record))
            if len(widths) > 50:
                break
    except csv.Error:
        pass
    complete = head.endswith(("\n", "\r")) or len(widths) <= 1
    return widths if complete else widths[:-1]


def column_names(header: Sequence[str], name: str) -> tuple[str, ...]:
    """Return the columns' names: blank ones numbered, repeated ones told apart by a number.

    Raises:
        CatalogFormatError: the first record looks like data, so there are no names to go by.
    """
    cells = [cell.strip().removeprefix("\ufeff") for cell in header]
    numbers = sum(bool(_NUMBER.fullmatch(cell)) for cell in cells)
    addresses = sum(cell.startswith(("http://", "https://")) for cell in cells)
    if numbers + addresses > len(cells) / 3:
        raise CatalogFormatError(
            f"{name}: the first row looks like a product, not like the names of the columns",
            remedy="put a first row with the columns' names into the file",
        )
    names: list[str] = []
    seen: Counter[str] = Counter()
    for position, cell in enumerate(cells, start=1):
        label = cell or f"column {position}"
        seen[label] += 1
        names.append(label if seen[label] == 1 else f"{label} {seen[label]}")
    return tuple(names)
