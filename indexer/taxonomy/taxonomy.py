"""A tree of categories, in an order in which every branch is one slice."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """One place of a taxonomy."""

    id: str
    """As the file names it; the path, where the file names none."""
    path: tuple[str, ...]
    """From the department to the category itself."""

    @property
    def name(self) -> str:
        """The last step of the path."""
        return self.path[-1]


class Taxonomy:
    """Categories sorted by path, so that those below a category come right after it."""

    def __init__(self, categories: Iterable[Category]) -> None:
        """Take categories in any order; ancestors that are not among them are added."""
        by_path = {category.path: category for category in categories}
        for path in list(by_path):
            for length in range(1, len(path)):
                above = path[:length]
                by_path.setdefault(above, Category(id=" > ".join(above), path=above))
        self.categories = tuple(by_path[path] for path in sorted(by_path))

    @cached_property
    def digest(self) -> str:
        """Changes with any category, its id or its place."""
        digest = hashlib.blake2b(digest_size=8)
        for category in self.categories:
            digest.update("\0".join((category.id, *category.path, "\n")).encode(errors="replace"))
        return digest.hexdigest()

    @cached_property
    def branch_ends(self) -> NDArray[np.int64]:
        """int64, `(len(categories),)`: where the branch of each category ends, exclusively."""
        ends = np.zeros(len(self.categories), np.int64)
        open_places: list[int] = []
        for place, category in enumerate(self.categories):
            while len(open_places) >= len(category.path):
                ends[open_places.pop()] = place
            open_places.append(place)
        ends[open_places] = len(self.categories)
        return ends

    @cached_property
    def children(self) -> tuple[NDArray[np.int64], ...]:
        """Of each category, the places of those right below it."""
        below: list[list[int]] = [[] for _ in self.categories]
        open_places: list[int] = []
        for place, category in enumerate(self.categories):
            del open_places[len(category.path) - 1 :]
            if open_places:
                below[open_places[-1]].append(place)
            open_places.append(place)
        return tuple(np.array(each, np.int64) for each in below)

    @cached_property
    def departments(self) -> NDArray[np.int64]:
        """Places of the categories that have none above them."""
        return np.array(
            [place for place, each in enumerate(self.categories) if len(each.path) == 1]
        )
