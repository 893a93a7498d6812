"""Judgments as TREC qrels: `query-id iteration product-id grade`, separated by spaces."""

import re
from urllib.parse import quote, unquote

from evaluation.judgment_row import JudgmentProblem, JudgmentRow, RowsRead
from evaluation.judgments import Judgments
from evaluation.text_decoding import text_lines

_COLUMNS = 4
_NOT_IN_AN_ID = re.compile(r"[\s%]")


def is_trec_line(line: str) -> bool:
    """Say whether a line could be one of qrels."""
    fields = line.split()
    return len(fields) == _COLUMNS and fields[3].lstrip("-").isdigit()


def read_trec(text: str) -> RowsRead:
    """Read rows; a query's id stands where other formats have its text."""
    rows: list[JudgmentRow] = []
    problems: list[JudgmentProblem] = []
    for number, line in enumerate(text_lines(text), start=1):
        fields = line.split()
        place = f"line {number}"
        if len(fields) == _COLUMNS:
            query, _, product_id, grade = fields
            rows.append(
                JudgmentRow(
                    place=place,
                    query=query,
                    product_id=product_id_of(product_id),
                    grade=grade,
                    is_query_id=True,
                )
            )
        elif fields:
            message = f"{len(fields)} fields instead of {_COLUMNS}"
            problems.append(JudgmentProblem(place=place, message=message))
    return RowsRead(rows=tuple(rows), problems=tuple(problems))


def write_trec(judgments: Judgments) -> str:
    """Return the judgments as qrels, under the queries' keys."""
    return "".join(
        f"{each.query.key} 0 {trec_id(each.product_id)} {each.grade}\n" for each in judgments
    )


def trec_id(product_id: str) -> str:
    """Return a product's id as one word: spaces in it are percent-encoded."""
    return _NOT_IN_AN_ID.sub(lambda found: quote(found[0], safe=""), product_id)


def product_id_of(word: str) -> str:
    """Return the product's id that `trec_id` gives this word to, or the word as it is."""
    product_id = unquote(word)
    return product_id if trec_id(product_id) == word else word
