"""What an address of the workbench asks for."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from retrieval import parse_filter
from search_core import Filter, LimitError, TextFilter

_LONGEST_TEXT = 1_000
_LONGEST_RULES = 16_000
_MOST_FILTERS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkbenchAddress:
    """A search, and the change that is compared with it."""

    q: str = ""
    index: str | None = None
    """`None`: the first there is."""
    filters: tuple[str, ...] = ()
    """As they are written."""
    changes: str = ""
    """Lines `SETTING=VALUE`."""
    rules: str = ""
    """In Querqy's syntax, instead of those in force."""
    language: str | None = None

    @classmethod
    def read(cls, parameters: Iterable[tuple[str, str]]) -> "WorkbenchAddress":
        """Read the parameters of a request; unknown ones are ignored.

        Raises:
            LimitError: a text is longer than any that is meant.
        """
        given = list(parameters)
        single = dict(given)
        written = (value for name, value in given if name == "filter")
        # A form sends its field of filters as lines.
        filters = tuple(line.strip() for value in written for line in value.splitlines())
        address = cls(
            q=single.get("q", ""),
            index=single.get("index") or None,
            filters=tuple(filter(None, filters)),
            changes=single.get("set", "").strip(),
            rules=single.get("rules", "").strip(),
            language=single.get("lang") or None,
        )
        for text, most in (
            (address.q, _LONGEST_TEXT),
            (address.changes, _LONGEST_TEXT),
            (address.rules, _LONGEST_RULES),
        ):
            if len(text) > most:
                raise LimitError(f"a text of {len(text):,} characters is too long: {most:,}")
        if len(address.filters) > _MOST_FILTERS:
            raise LimitError(f"{len(address.filters)} filters are too many")
        return address

    @property
    def compares(self) -> bool:
        """Whether there is a change to compare with."""
        return bool(self.changes or self.rules)

    @property
    def parsed_filters(self) -> tuple[Filter, ...]:
        """The filters as they are read.

        Raises:
            FilterError: one that cannot be.
        """
        return tuple(map(parse_filter, self.filters))

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The parameters that say the same."""
        named = (
            ("q", self.q), ("index", self.index), *(("filter", each) for each in self.filters),
            ("set", self.changes), ("rules", self.rules), ("lang", self.language),
        )  # fmt: skip
        return [(name, value) for name, value in named if value]

    @property
    def url(self) -> str:
        """The address, from the workbench's own folder."""
        return f"?{urlencode(self.pairs)}" if self.pairs else "./"

    def renamed(self, field: str, other: str) -> "WorkbenchAddress":
        """Return the address with the filters of a field as filters of another."""
        kept = tuple(
            text
            if isinstance(each, TextFilter) or each.field != field
            else f"{other}{text.removeprefix(field)}"
            for text, each in zip(self.filters, self.parsed_filters, strict=True)
        )
        return replace(self, filters=kept)

    def in_language(self, language: str) -> "WorkbenchAddress":
        """Return the address of the page in another language."""
        return replace(self, language=language)
