"""The patterns that intents are learned from, one file a language."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from random import Random

from query_understanding.intents.intent import Intent

CATALOGUE_SLOTS = frozenset({"product", "brand", "kind", "value", "code", "number", "price"})
"""What a catalogue fills in; all other slots are words of the language."""
_SLOT = re.compile(r"\{(\w+)\}")
_DEEPEST = 4
"""Slots within slots."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PhraseBook:
    """What shoppers of one language write for each intent."""

    language: str
    """ISO 639-1."""
    slots: Mapping[str, tuple[str, ...]]
    """Name → the words it can stand for."""
    patterns: Mapping[Intent, tuple[str, ...]]

    def phrase(self, intent: Intent, place: int, choose: Random) -> str:
        """Return a pattern with its words chosen; slots of the catalogue stay as they are.

        Args:
            intent: whose pattern.
            place: which of its patterns.
            choose: equal seeds give equal phrases.
        """
        text = self.patterns[intent][place]
        for _ in range(_DEEPEST):
            text = _SLOT.sub(lambda match: self._word(match, choose), text)
        return " ".join(text.split())

    def _word(self, match: re.Match[str], choose: Random) -> str:
        if match[1] in CATALOGUE_SLOTS:
            return match[0]
        return choose.choice(self.slots[match[1]])


def filled(phrase: str, words: Mapping[str, "list[str]"], choose: Random) -> str | None:
    """Return a phrase with the slots of the catalogue filled in.

    Args:
        phrase: as `PhraseBook.phrase` returns it.
        words: slot → what it can stand for.
        choose: equal seeds give equal texts.

    Returns:
        `None` when the catalogue has nothing for one of the slots.
    """
    if any(not words.get(match[1]) for match in _SLOT.finditer(phrase)):
        return None
    return " ".join(_SLOT.sub(lambda match: choose.choice(words[match[1]]), phrase).split())


def literal_parts(phrase: str) -> list[str]:
    """Return what stands between the slots of the catalogue."""
    return [part for part in re.split(r"\{\w+\}", phrase) if part.strip()]


def phrase_books() -> tuple[PhraseBook, ...]:
    """Return the phrase books that Shopkeeper brings, in the order of their file names."""
    folder = files("query_understanding").joinpath("phrases")
    names = sorted(each.name for each in folder.iterdir() if each.name.endswith(".toml"))
    return tuple(_read(folder.joinpath(name).read_text(encoding="utf-8")) for name in names)


def _read(text: str) -> PhraseBook:
    tree = tomllib.loads(text)
    return PhraseBook(
        language=tree["language"],
        slots={name: tuple(each) for name, each in {**tree["slots"], **tree["fill"]}.items()},
        patterns={Intent(name): tuple(each) for name, each in tree["intents"].items()},
    )
