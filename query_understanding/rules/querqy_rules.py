"""Rules as Querqy's common-rules syntax has them: for an input, instructions."""

from dataclasses import dataclass
from enum import StrEnum

from search_core import Filter


class RuleAction(StrEnum):
    """What an instruction does."""

    SYNONYM = "SYNONYM"
    UP = "UP"
    DOWN = "DOWN"
    FILTER = "FILTER"
    DELETE = "DELETE"
    REPLACE = "REPLACE"
    DECORATE = "DECORATE"


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleInstruction:
    """One line below an input."""

    action: RuleAction
    text: str
    """What follows the colon; for a filter on a field, how it was written."""
    weight: float | None = None
    """The number in parentheses; `None`: there is none."""
    filter: Filter | None = None
    """What UP, DOWN and FILTER look for; `None` for the others."""

    @property
    def written(self) -> str:
        """As a line of the file: `UP(5): * brand:Kelvarix`."""
        weight = "" if self.weight is None else f"({self.weight:g})"
        return f"{self.action.value}{weight}: {self.text}"


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryRule:
    """An input, its instructions and its properties."""

    line: int
    """Of the input in the file, from 1."""
    input: str
    """As it is written."""
    words: tuple[str, ...]
    """Folded units of the input."""
    at_start: bool
    """The input has to begin the query."""
    at_end: bool
    """The input has to end the query."""
    prefix: bool
    """The last word is the beginning of one (`sofa*`)."""
    instructions: tuple[RuleInstruction, ...]
    properties: tuple[tuple[str, str], ...] = ()

    @property
    def id(self) -> str:
        """The property `_id`, else the input with its line, as Querqy numbers them."""
        return dict(self.properties).get("_id", f"{self.input}#{self.line}")

    @property
    def message(self) -> str:
        """The property `_log`, else the id."""
        return dict(self.properties).get("_log", self.id)
