"""Nouns and what they mean, from the files of WordNet (Princeton University; wordnet(5WN)).

`index.noun` has a line a word with the places of its meanings, the most frequent first;
`data.noun` has a line a meaning, found by its place. Only what is asked for is read.
"""

import hashlib
import mmap
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from cachetools import LRUCache

from search_core import ArtifactError

_GOODS = frozenset({"06", "13", "27"})
"""Lexicographer files of artefacts, food and substances: what is sold. Source: lexnames(5WN)."""
_NOTICE = "  "
"""Begins the lines of the licence, at the head of each file."""
_MEANINGS_KEPT = 10_000
"""Of 82,000: read again when they are wanted again."""
_WIDER = "@"
_NARROWER = "~"


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """One meaning, and the words that have it."""

    place: int
    """Identifies it: the byte of `data.noun` at which it begins."""
    is_goods: bool
    """Whether things of that kind are sold: artefacts, food, substances."""
    words: tuple[str, ...]
    """As they are written, the most usual first."""
    explanation: str
    """In a sentence, without its examples."""
    wider: tuple[int, ...]
    narrower: tuple[int, ...]


class WordNet:
    """The nouns of WordNet. Safe to call from several threads."""

    def __init__(self, folder: Path) -> None:
        """Open the files `index.noun` and `data.noun` of a folder.

        Raises:
            ArtifactError: they are missing, or something else.
        """
        self._folder = folder
        self._meanings: LRUCache[int, Meaning] = LRUCache(_MEANINGS_KEPT)
        self._lock = threading.Lock()
        self._below: dict[int, int] = {}
        try:
            self._places = _read_index(folder / "index.noun")
            with (folder / "data.noun").open("rb") as file:
                self._data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError, IndexError) as error:
            raise ArtifactError(
                f"the thesaurus in {folder} cannot be read: {error}",
                remedy="delete that folder, so that it is fetched again, or set "
                "indexer.tags.thesaurus to false",
            ) from error

    @cached_property
    def digest(self) -> str:
        """Of the meanings: changes with the edition."""
        return hashlib.blake2b(self._data, digest_size=8).hexdigest()

    def places(self, word: str) -> tuple[int, ...]:
        """Return the meanings of a word or phrase, lower case, the most frequent first."""
        return self._places.get(word, ())

    def meaning(self, place: int) -> Meaning:
        """Return a meaning by its place."""
        with self._lock:
            known = self._meanings.get(place)
            if known is None:
                known = self._meanings[place] = self._read(place)
        return known

    def goods(self) -> Iterator[int]:
        """Give the places of all meanings of goods, in the order of the file."""
        place = 0
        while place < len(self._data):
            end = self._data.find(b"\n", place) + 1 or len(self._data)
            line = self._data[place : place + 11].decode()
            if not line.startswith(_NOTICE) and line.split()[1] in _GOODS:
                yield place
            place = end

    def kinds_below(self, place: int) -> int:
        """Count the meanings that are narrower, at any depth: the more, the vaguer the word."""
        if place not in self._below:
            found: set[int] = set()
            waiting = list(self.meaning(place).narrower)
            while waiting:
                each = waiting.pop()
                if each not in found:
                    found.add(each)
                    waiting += self.meaning(each).narrower
            self._below[place] = len(found)
        return self._below[place]

    def _read(self, place: int) -> Meaning:
        line = self._data[place : self._data.find(b"\n", place)].decode()
        facts, _, gloss = line.partition(" | ")
        _, file, _, count, *rest = facts.split()
        words, links = rest[: 2 * int(count, 16) : 2], rest[2 * int(count, 16) + 1 :]
        targets = list(zip(links[0::4], links[1::4], links[2::4], strict=False))
        return Meaning(
            place=place,
            is_goods=file in _GOODS,
            words=tuple(word.replace("_", " ") for word in words),
            explanation=gloss.partition('; "')[0].strip(),
            wider=tuple(int(to) for link, to, part in targets if (link, part) == (_WIDER, "n")),
            narrower=tuple(
                int(to) for link, to, part in targets if (link, part) == (_NARROWER, "n")
            ),
        )


def _read_index(file: Path) -> Mapping[str, tuple[int, ...]]:
    places: dict[str, tuple[int, ...]] = {}
    with file.open(encoding="ascii") as lines:
        for line in lines:
            if line.startswith(_NOTICE):
                continue
            word, _, count, *rest = line.split()
            places[word.replace("_", " ")] = tuple(map(int, rest[-int(count) :]))
    return places
