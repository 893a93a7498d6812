"""Judgments as JSON of OpenSearch's Search Relevance Workbench."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from evaluation.judgment_row import JudgmentProblem, JudgmentRow, RowsRead
from evaluation.judgments import Judgments


def read_workbench(text: str) -> RowsRead:
    """Read what the Workbench imports, and what it answers when asked for a judgment list."""
    try:
        document = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        problem = JudgmentProblem(place=f"line {line}", message=f"no JSON: {error}")
        return RowsRead(problems=(problem,))
    rows: list[JudgmentRow] = []
    problems: list[JudgmentProblem] = []
    for ratings in _lists(document):
        for number, entry in enumerate(ratings):
            for found in _entry(f"judgmentRatings[{number}]", entry):
                (rows if isinstance(found, JudgmentRow) else problems).append(found)  # type: ignore[arg-type]
    return RowsRead(rows=tuple(rows), problems=tuple(problems))


def write_workbench(judgments: Judgments, name: str) -> str:
    """Return the body of a request that imports the judgments (`PUT …/judgments`).

    The Workbench knows no filters: a query with some is named by its text and them.
    """
    ratings = [
        {
            "query": " ".join((query.text, *query.filters)),
            "ratings": [
                {"docId": product_id, "rating": f"{grade}.000"}
                for product_id, grade in judgments.grades(query).items()
            ],
        }
        for query in judgments.queries
    ]
    body = {
        "name": name,
        "description": f"{len(judgments)} judgments of {len(ratings)} queries",
        "type": "IMPORT_JUDGMENT",
        "judgmentRatings": ratings,
    }
    return json.dumps(body, ensure_ascii=False, indent=2) + "\n"


def _lists(document: object) -> Iterator[list[Any]]:
    """Find the lists of ratings: in the document itself, or in the hits of a search."""
    if isinstance(document, Mapping):
        ratings = document.get("judgmentRatings")
        if isinstance(ratings, list):
            yield ratings
        elif isinstance(ratings, Mapping):
            yield [{"query": query, "ratings": value} for query, value in ratings.items()]
        for key in ("hits", "_source"):
            yield from _lists(document.get(key))
    elif isinstance(document, list):
        for each in document:
            yield from _lists(each)


def _entry(place: str, entry: object) -> Iterator[JudgmentRow | JudgmentProblem]:
    query = entry.get("query") if isinstance(entry, Mapping) else None
    ratings = entry.get("ratings") if isinstance(entry, Mapping) else None
    if not isinstance(query, str) or not isinstance(ratings, list):
        yield JudgmentProblem(place=place, message="has no `query` with its `ratings`")
        return
    for number, rating in enumerate(ratings):
        where = f"{place}.ratings[{number}]"
        if isinstance(rating, Mapping) and {"docId", "rating"} <= rating.keys():
            yield JudgmentRow(
                place=where,
                query=query,
                product_id=str(rating["docId"]),
                grade=str(rating["rating"]),
            )
        else:
            yield JudgmentProblem(place=where, message="has no `docId` with its `rating`")
