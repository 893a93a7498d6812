"""Judgments as CSV: `query,docid,rating`, as Quepid and RRE write it, and spreadsheets alter it."""

import csv
import io
import unicodedata
from collections.abc import Iterator, Mapping, Sequence

from evaluation.judgment_row import JudgmentProblem, JudgmentRow, RowsRead
from evaluation.judgments import Judgments
from evaluation.text_decoding import text_lines

_NAMES: Mapping[str, frozenset[str]] = {
    meaning: frozenset(names.split())
    for meaning, names in {
        "query": "query querytext searchquery keyword keywords searchterm searchphrase q"
        " suchbegriff suchanfrage suchwort anfrage requete recherche consulta busqueda"
        " 查询 查询词 搜索词 关键词 検索語 クエリ",
        "product_id": "docid documentid productid product document doc id sku itemid item asin"
        " artikelnummer artikel artikelid produkt produktid produit produitid reference producto"
        " productoid 商品 商品id 商品编号 产品 产品id 商品番号",
        "grade": "rating grade relevance judgment judgement label score bewertung note pertinence"
        " relevancia valoracion puntuacion calificacion 评分 等级 相关性 評価",
        "filters": "filters filter",
        "frequency": "frequency count volume searches",
        "sessions": "sessions",
    }.items()
}
"""How columns are called, without accents and signs."""
_NEEDED = ("query", "product_id", "grade")
_DELIMITERS = (",", ";", "\t", "|")
FILTER_SEPARATOR = ";"
"""Between several filters of one query."""
_LONGEST_RECORD = 50
"""Lines that a quoted field may run over: comments of raters do, queries and ids never."""

_LINES_LOOKED_AT = 5
"""To find the delimiter of a file without a header that is known."""

Columns = Mapping[str, int]


def csv_columns(header: str) -> tuple[str, Columns] | None:
    """Return delimiter and columns when a line is the header of a judgment file, else `None`."""
    for delimiter in _DELIMITERS:
        names = _fields(header, delimiter) or []
        columns: dict[str, int] = {}
        for column, name in enumerate(names):
            plain = _plain(name)
            meaning = next((key for key, known in _NAMES.items() if plain in known), None)
            if meaning is not None:
                columns.setdefault(meaning, column)
        if all(name in columns for name in _NEEDED):
            return delimiter, columns
    return None


def headless_delimiter(line: str) -> str | None:
    """Return the delimiter of a line `query,docid,rating` of a file without a header."""
    for delimiter in _DELIMITERS:
        fields = _fields(line, delimiter) or []
        if len(fields) == len(_NEEDED) and fields[2].strip().isdigit():
            return delimiter
    return None


def read_csv(text: str) -> RowsRead:
    """Read rows; a line that is none is a problem and takes no other line with it."""
    lines = text_lines(text)
    first = next((number for number, line in enumerate(lines) if line.strip()), 0)
    header = csv_columns(lines[first]) if lines else None
    delimiter, columns = header or (
        # A first line of names that are not known is a problem of that line alone.
        next(filter(None, map(headless_delimiter, lines[first : first + _LINES_LOOKED_AT])), ","),
        {name: column for column, name in enumerate(_NEEDED)},
    )
    width = len(_fields(lines[first], delimiter) or ()) if lines else 0
    rows: list[JudgmentRow] = []
    problems: list[JudgmentProblem] = []
    for number, fields in _records(lines, first + (header is not None), delimiter, width, columns):
        place = f"line {number}"
        row = None if fields is None or any(fields[width:]) else _row(place, fields, columns)
        if row is None:
            problems.append(JudgmentProblem(place=place, message=_wrong_width(fields, width)))
        else:
            rows.append(row)
    return RowsRead(rows=tuple(rows), problems=tuple(problems))


def write_csv(judgments: Judgments) -> str:
    """Return the judgments as CSV; filters, frequency and sessions only where there are any."""
    extra = [
        name
        for name, present in (
            ("filters", any(query.filters for query in judgments.queries)),
            ("frequency", any(query.frequency is not None for query in judgments.queries)),
            ("sessions", bool(judgments.sessions)),
        )
        if present
    ]
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(["query", "docid", "rating", *extra])
    for each in judgments:
        values = {
            "filters": FILTER_SEPARATOR.join(each.query.filters),
            "frequency": "" if each.query.frequency is None else f"{each.query.frequency:g}",
            "sessions": "" if each.sessions is None else str(each.sessions),
        }
        writer.writerow(
            [each.query.text, each.product_id, each.grade, *(values[name] for name in extra)]
        )
    return buffer.getvalue()


def _records(
    lines: Sequence[str], start: int, delimiter: str, width: int, columns: Columns
) -> Iterator[tuple[int, list[str] | None]]:
    """Give line number and fields of each record; `None` for a line that belongs to none."""
    number = start
    while number < len(lines):
        used = 1
        if lines[number].strip():
            fields = _fields(lines[number], delimiter)
            if fields is None:
                used, fields = _joined(lines, number, delimiter, width, columns)
            yield number + 1, fields
        number += used


def _joined(
    lines: Sequence[str], start: int, delimiter: str, width: int, columns: Columns
) -> tuple[int, list[str] | None]:
    """Read a record whose quoted field runs over lines.

    A stray quote must not swallow good lines: the record has to be whole, with query, id and grade
    on one line each, and none of its further lines may be a record by itself.
    """
    record = lines[start]
    for used in range(2, _LONGEST_RECORD + 1):
        if start + used > len(lines):
            break
        line = lines[start + used - 1]
        record = f"{record}\n{line}"
        alone = _fields(line, delimiter)
        if alone is not None and len(alone) == width:
            break
        fields = _fields(record, delimiter)
        if fields is not None:
            keys = [fields[columns[name]] for name in _NEEDED if columns[name] < len(fields)]
            whole = len(fields) == width and not any("\n" in key for key in keys)
            return (used, fields) if whole else (1, None)
    return 1, None


def _fields(record: str, delimiter: str) -> list[str] | None:
    """Return a record's fields, or `None` when it ends inside quotes or is no CSV."""
    # Python's reader takes the end of the text for the end of an open quote, without a word; but a
    # field that follows tells the two apart.
    probe = csv.reader([f"{record}{delimiter}end"], delimiter=delimiter)
    try:
        fields = next(probe, [])
    except csv.Error:
        return None
    return fields[:-1] if fields and fields[-1] == "end" else None


def _row(place: str, fields: Sequence[str], columns: Columns) -> JudgmentRow | None:
    if any(columns[name] >= len(fields) for name in _NEEDED):
        return None

    def value(name: str) -> str:
        column = columns.get(name)
        return fields[column].strip() if column is not None and column < len(fields) else ""

    filters = (each.strip() for each in value("filters").split(FILTER_SEPARATOR))
    return JudgmentRow(
        place=place,
        query=value("query"),
        product_id=value("product_id"),
        grade=value("grade"),
        filters=tuple(each for each in filters if each),
        frequency=value("frequency"),
        sessions=value("sessions"),
    )


def _plain(name: str) -> str:
    parted = unicodedata.normalize("NFKD", name.casefold())
    return unicodedata.normalize("NFC", "".join(each for each in parted if each.isalnum()))


def _wrong_width(fields: Sequence[str] | None, width: int) -> str:
    if fields is None:
        return "a quotation mark is opened and not closed"
    return f"{len(fields)} fields instead of {width}"
