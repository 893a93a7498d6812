"""What search was like when a mixing was learned, and how it differs now."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic import JsonValue

    from reranker.mixing import MixingModel
    from search_core.settings import Settings

_NO_MATTER = {
    "remembered_bytes", "remembered_vectors", "recurring_queries", "collapse_variants",
    "deadline_ms",
}  # fmt: skip
"""Of `[retrieval]`, what moves no product within the rerank window."""
_OF_THE_RERANKER = {
    "rerank_window", "passage_fields", "passage_field_chars", "passage_attributes", "max_tokens",
}  # fmt: skip
"""What decides which products the cross-encoder reads, and what of them."""


def learned_conditions(settings: "Settings") -> "dict[str, JsonValue]":
    """Return the settings that a learned mixing depends on, by their names."""
    legs = settings.retrieval.model_dump(mode="json", exclude=_NO_MATTER)
    passages = settings.reranker.model_dump(mode="json", include=_OF_THE_RERANKER)
    return _named("retrieval", legs) | _named("reranker", passages)


def changed_conditions(mixing: "MixingModel", settings: "Settings") -> tuple[str, ...]:
    """Return what is set otherwise than it was learned with: `name was … is …`.

    Settings that only one of the two knows are left out: they came or went with a version.
    """
    learned, now = mixing.learned_under, learned_conditions(settings)
    return tuple(
        f"{name} was {learned[name]} is {now[name]}"
        for name in sorted(learned.keys() & now.keys())
        if learned[name] != now[name]
    )


def mixing_warnings(mixing: "MixingModel | None", settings: "Settings") -> tuple[str, ...]:
    """Return what an operator has to know of a learned mixing, in sentences.

    Args:
        mixing: `None`: there is none, and nothing to know.
        settings: of the search now.
    """
    changed = () if mixing is None else changed_conditions(mixing, settings)
    if not changed:
        return ()
    told = f"the mixing was learned under other settings: {'; '.join(changed)}"
    return (f"{told}; learn it again: shopkeeper reranker fit JUDGMENTS",)


def _named(prefix: str, section: "Mapping[str, JsonValue]") -> "dict[str, JsonValue]":
    named: dict[str, JsonValue] = {}
    for key, value in section.items():
        name = f"{prefix}.{key}"
        named |= _named(name, value) if isinstance(value, dict) else {name: value}
    return named
