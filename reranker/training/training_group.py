"""One query with products to put in order, as a model is trained on; and files of them."""

import json
import random
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from search_core import RerankerTrainingError


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingGroup:
    """A query and the passages that compete for it."""

    query: str
    passages: tuple[str, ...]
    targets: tuple[float, ...]
    """How good each passage is; only differences within the group count."""
    family: str
    """Groups of one family ask for the same thing (`printer`, `hp printer`): they are held out
    together, or what was learned would be measured on itself."""
    source: str
    """Where the query comes from."""

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """The query with each passage, as a cross-encoder reads them."""
        return tuple((self.query, passage) for passage in self.passages)

    @property
    def is_informative(self) -> bool:
        """Whether there is an order to learn."""
        return max(self.targets) > min(self.targets)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingSplit:
    """Groups to learn from, and groups of other families to measure on."""

    train: tuple[TrainingGroup, ...]
    held_out: tuple[TrainingGroup, ...]


def split_groups(groups: Sequence[TrainingGroup], share: float, seed: int) -> TrainingSplit:
    """Hold out whole families.

    Args:
        groups: all of them.
        share: of the families that is held out, 0 to 1; at least one is.
        seed: decides which.

    Raises:
        RerankerTrainingError: there are fewer than two families.
    """
    families = sorted({each.family for each in groups})
    if len(families) < 2:
        raise RerankerTrainingError(
            f"there are queries of {len(families)} kinds, and some have to be held out",
            remedy="train on more: a larger catalogue, or more judged queries",
        )
    random.Random(seed).shuffle(families)  # noqa: S311 - no secret
    kept_back = set(families[: max(1, round(share * len(families)))])
    return TrainingSplit(
        train=tuple(each for each in groups if each.family not in kept_back),
        held_out=tuple(each for each in groups if each.family in kept_back),
    )


def write_groups(groups: Iterable[TrainingGroup], path: Path) -> None:
    """Write JSON lines, one a group."""
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(asdict(each), ensure_ascii=False) + "\n" for each in groups)


def read_groups(path: Path) -> tuple[TrainingGroup, ...]:
    """Read JSON lines.

    Raises:
        RerankerTrainingError: a line is not a group.
    """
    groups: list[TrainingGroup] = []
    try:
        with path.open(encoding="utf-8") as file:
            groups.extend(_group(json.loads(line)) for line in file)
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise RerankerTrainingError(
            f"{path}, line {len(groups) + 1}: {error}: no training group",
            remedy="delete the file; the next run writes it anew",
        ) from error
    return tuple(groups)


def _group(found: dict[str, Any]) -> TrainingGroup:
    group = TrainingGroup(
        query=str(found["query"]),
        passages=tuple(found["passages"]),
        targets=tuple(float(each) for each in found["targets"]),
        family=str(found["family"]),
        source=str(found["source"]),
    )
    if len(group.passages) != len(group.targets):
        raise ValueError("it has not one target a passage")
    return group
