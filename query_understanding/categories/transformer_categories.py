"""Tells categories by a small transformer that was trained on the shop's own titles."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from query_understanding.categories.category_shares import category_shares, word_coverage
from query_understanding.lexicon.lexicon import Lexicon
from query_understanding.text_classifier import UNREADABLE, TextClassifier, softmax
from search_core import ConfigurationError

DESCRIPTION_FILE = "categories.json"
FORMAT = 1
"""Raised whenever an older folder could not be read as a newer one is."""

Kind = tuple[str, str]
"""Field (`product_type` or `category`) and name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryDescription:
    """What a folder's model tells apart, and how sure it may be."""

    kinds: tuple[Kind | None, ...]
    """Of each logit; `None`: products of which the catalogue does not say what they are."""
    temperature: float
    """Logits are divided by it."""
    max_tokens: int
    """Longer queries are cut."""
    words: tuple[str, ...] = ()
    """Of the graded queries that it learned from, folded, plurals undone: it may know them though
    no title has them."""
    share: float = 1.0
    """What the model counts beside the counted words of titles, 0 to 1."""

    def write(self, folder: Path) -> None:
        """Write it beside the weights."""
        tree = {
            "format": FORMAT,
            "kinds": self.kinds,
            "temperature": self.temperature,
            "max_tokens": self.max_tokens,
            "words": self.words,
            "share": self.share,
        }
        text = json.dumps(tree, ensure_ascii=False)
        (folder / DESCRIPTION_FILE).write_text(text, encoding="utf-8")


class TransformerCategories:
    """A small transformer, with counted words beside it. Safe to ask from several threads."""

    def __init__(self, folder: Path) -> None:
        """Load what `shopkeeper understand train` wrote.

        Raises:
            ConfigurationError: a file is missing, damaged, or of another version.
        """
        try:
            self._description = _read_description(folder / DESCRIPTION_FILE)
            self._classifier = TextClassifier(folder, self._description.max_tokens)
        except UNREADABLE as error:
            raise ConfigurationError(
                f"the model of categories in {folder} does not load: {error}",
                remedy="train it anew (`shopkeeper understand train --what categories`), or delete "
                "the folder",
            ) from error
        self._words = frozenset(self._description.words)

    def mixed_shares(self, text: str, lexicon: Lexicon) -> Mapping[Kind, float]:
        """Return `covered_shares` and those of counted words, by the share of each."""
        share = self._description.share
        shares = {kind: share * each for kind, each in self.covered_shares(text, lexicon).items()}
        for place, each in category_shares(text, lexicon).items() if share < 1.0 else ():
            kind = (lexicon.kinds[place].field, lexicon.kinds[place].name)
            shares[kind] = shares.get(kind, 0.0) + (1.0 - share) * each
        return shares

    def coverage(self, text: str, lexicon: Lexicon) -> float:
        """Return the share of a text's words that titles or training have."""
        return word_coverage(text, lexicon, self._words)

    def covered_shares(self, text: str, lexicon: Lexicon) -> Mapping[Kind, float]:
        """Return `shares`, the less sure the more words neither titles nor training have.

        Empty where all are unknown: the network would take them for something all the same.
        """
        coverage = self.coverage(text, lexicon)
        if coverage == 0.0:
            return {}
        return {kind: share * coverage for kind, share in self.shares(text).items()}

    def shares(self, text: str) -> Mapping[Kind, float]:
        """Return the probability of each kind; what is left to 1 are products without one."""
        shares = softmax(self.logits(text), self._description.temperature)
        return {
            kind: float(share)
            for kind, share in zip(self._description.kinds, shares, strict=True)
            if kind is not None
        }

    def logits(self, text: str) -> NDArray[np.float32]:
        """Return one logit a kind, in the order of the description."""
        return self._classifier.logits(text)


def _read_description(path: Path) -> CategoryDescription:
    tree = json.loads(path.read_text(encoding="utf-8"))
    if tree["format"] != FORMAT:
        raise ConfigurationError(f"{path.name} is of format {tree['format']}, not {FORMAT}")
    return CategoryDescription(
        kinds=tuple(None if each is None else (each[0], each[1]) for each in tree["kinds"]),
        temperature=float(tree["temperature"]),
        max_tokens=int(tree["max_tokens"]),
        words=tuple(tree["words"]),
        # Folders from before had nothing beside the model.
        share=float(tree.get("share", 1.0)),
    )
