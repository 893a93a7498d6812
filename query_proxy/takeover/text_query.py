"""Recognises a text search in a query of the usual shapes: its words, and its filters.

The hybrid search looks at the words in all fields and by meaning, so only what makes a query
another search than "products for these words, of which …" keeps it from being taken over.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import Any

from query_proxy.takeover.not_taken_over import NotTakenOverError
from query_proxy.takeover.query_syntax import has_operators, has_simple_operators

Clause = Mapping[str, Any]

_TITLE = "title"
_PLAIN_TYPES = (None, "best_fields", "most_fields", "cross_fields")
_SAME_WORDS = frozenset({"match", "match_phrase", "match_phrase_prefix", "match_bool_prefix"})
_BOOL_KEYS = frozenset(
    {"must", "filter", "should", "must_not", "minimum_should_match", "boost", "_name"}
    | {"adjust_pure_negative"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TextQuery:
    """A text search, as a query in OpenSearch's language meant it."""

    text: str
    filters: tuple[Clause, ...] = ()
    """Clauses that every hit has to pass."""
    functions: Mapping[str, Any] | None = None
    """The rest of a `function_score` around it, which multiplies the score."""


def read_text_query(query: object) -> TextQuery:
    """Read a query as a text search.

    Raises:
        NotTakenOverError: it is none, or one that the hybrid search cannot stand for.
    """
    found = _read(query)
    if not found.text.strip():
        raise NotTakenOverError("the query has no words")
    return found


def _read(query: object) -> TextQuery:
    name, body = _clause(query)
    reader = _READERS.get(name)
    if reader is None:
        raise NotTakenOverError(f"{name} is no text search")
    return reader(body)


def _clause(query: object) -> tuple[str, Any]:
    if not isinstance(query, dict) or len(query) != 1:
        raise NotTakenOverError("a query is an object with one key")
    ((name, body),) = query.items()
    return str(name), body


def _match(body: object) -> TextQuery:
    field, value = _clause(body)
    if field != _TITLE:
        raise NotTakenOverError("match looks at another field than title")
    return TextQuery(text=_words(value.get("query") if isinstance(value, dict) else value))


def _multi_match(body: object) -> TextQuery:
    options = _object(body)
    if options.get("type") not in _PLAIN_TYPES:
        raise NotTakenOverError("multi_match looks for phrases or prefixes")
    _require_title(options.get("fields"))
    return TextQuery(text=_words(options.get("query")))


def _simple_query_string(body: object) -> TextQuery:
    options = _object(body)
    text = _words(options.get("query"))
    _require_title(options.get("fields"))
    if has_simple_operators(text):
        raise NotTakenOverError("simple_query_string uses operators")
    return TextQuery(text=text)


def _query_string(body: object) -> TextQuery:
    options = _object(body)
    text = _words(options.get("query"))
    _require_title(options.get("fields") or options.get("default_field"))
    if has_operators(text):
        raise NotTakenOverError("query_string uses operators")
    return TextQuery(text=text)


def _bool(body: object) -> TextQuery:
    options = _object(body)
    if not options.keys() <= _BOOL_KEYS:
        raise NotTakenOverError("bool has a part that is not known")
    must = [_tried(each) for each in _clauses(options, "must")]
    should = [_tried(each) for each in _clauses(options, "should")]
    filters = [each.clause for each in must if each.found is None] + _clauses(options, "filter")
    if must_not := _clauses(options, "must_not"):
        filters.append({"bool": {"must_not": must_not}})
    texts = [each for each in must if each.found is not None]
    if texts:
        found = _same_text(texts)
        _require_same_words(should, found.text, options)
    else:
        _require_one_of_should(options)
        found = _same_text(should)
    return replace(found, filters=(*found.filters, *filters))


def _require_same_words(should: list["_Tried"], text: str, options: Mapping[str, Any]) -> None:
    """Let optional clauses pass that only score the same words in another way."""
    if should and options.get("minimum_should_match") not in (None, 0, "0"):
        raise NotTakenOverError("bool demands optional clauses")
    if any(each.words != text for each in should):
        raise NotTakenOverError("bool has optional clauses that change the score")


def _require_one_of_should(options: Mapping[str, Any]) -> None:
    least = options.get("minimum_should_match")
    if least not in (None, 1, "1"):
        raise NotTakenOverError("bool demands several optional clauses, or none")
    # Beside must or filter, optional clauses are needed only when that is said.
    if least is None and (options.get("must") or options.get("filter")):
        raise NotTakenOverError("the words of bool are optional")


def _dis_max(body: object) -> TextQuery:
    return _same_text([_tried(each) for each in _clauses(_object(body), "queries")])


def _same_text(clauses: list["_Tried"]) -> TextQuery:
    """Read several clauses over the same words as one."""
    texts = [each.found for each in clauses if each.found is not None]
    if not texts:
        raise NotTakenOverError("there is no text search in it")
    found = texts[0]
    if any(each.words != found.text for each in clauses):
        raise NotTakenOverError("its clauses look for different words")
    if any(each.filters or each.functions for each in texts[1:]):
        raise NotTakenOverError("its clauses have filters of their own")
    return found


def _function_score(body: object) -> TextQuery:
    options = dict(_object(body))
    inner = _read(options.pop("query", None))
    if inner.functions is not None:
        raise NotTakenOverError("function_score stands within function_score")
    if options.get("boost_mode", "multiply") != "multiply":
        raise NotTakenOverError("function_score does other than multiply the score")
    if "min_score" in options:
        raise NotTakenOverError("function_score has a min_score of its own")
    return replace(inner, functions=options)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tried:
    """A clause and what was read from it: each is read once, however deep it stands."""

    clause: Clause
    found: TextQuery | None
    """`None`: no text search, so that it can only be a filter."""

    @property
    def words(self) -> str | None:
        """The words of a clause that only looks for words, in whichever fields and way."""
        if self.found is not None:
            return self.found.text
        name, body = _clause(self.clause)
        if name in _SAME_WORDS and isinstance(body, dict) and len(body) == 1:
            (body,) = body.values()
        elif name != "multi_match":
            return None
        text = body.get("query") if isinstance(body, dict) else body
        return text if isinstance(text, str) else None


def _tried(clause: Clause) -> _Tried:
    try:
        return _Tried(clause=clause, found=_read(clause))
    except NotTakenOverError:
        return _Tried(clause=clause, found=None)


def _require_title(fields: object) -> None:
    """Refuse a search in fields that leave the title out: it is meant for these alone."""
    if fields is None:
        return
    names = [fields] if isinstance(fields, str) else fields
    if not isinstance(names, list) or not all(isinstance(each, str) for each in names):
        raise NotTakenOverError("fields is no list of names")
    if not any(fnmatchcase(_TITLE, each.partition("^")[0]) for each in names):
        raise NotTakenOverError("the fields do not include title")


def _words(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise NotTakenOverError("the query is no text")
    return str(value)


def _object(value: object) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise NotTakenOverError("a query is no object")
    return value


def _clauses(options: Mapping[str, Any], key: str) -> list[Clause]:
    value = options.get(key, [])
    clauses = value if isinstance(value, list) else [value]
    if not all(isinstance(each, dict) for each in clauses):
        raise NotTakenOverError(f"{key} is no list of queries")
    return clauses


_READERS: Mapping[str, Callable[[object], TextQuery]] = {
    "match": _match,
    "multi_match": _multi_match,
    "simple_query_string": _simple_query_string,
    "query_string": _query_string,
    "bool": _bool,
    "dis_max": _dis_max,
    "function_score": _function_score,
}
