"""Which kinds of product are the same in another script: a phone case, and a 手机壳."""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from query_understanding.lexicon.lexicon import Lexicon, ProductKind
from query_understanding.lexicon.product_words import is_cjk

if TYPE_CHECKING:
    from numpy.typing import NDArray

_NEIGHBOURS = 10
"""Source: Conneau et al. 2018, "Word translation without parallel data"."""
_MARGIN = 0.05
"""By which a pair has to be closer than either is to any other kind. Source: ADR 0053."""


def told_as_named(lexicon: Lexicon, most: int) -> tuple[int, ...]:
    """Return places of the kinds whose titles are in the script of their name.

    A `CPU` among Chinese kinds has Chinese titles as they have: the nearest of them is another
    thing, not the same in another script.

    Args:
        lexicon: of the catalogue.
        most: of so many kinds, the most frequent ones.
    """
    characters: Counter[int] = Counter()
    for word, titles in lexicon.word_kinds.items():
        if is_cjk(word):
            characters.update(titles)
    return tuple(
        place
        for place, kind in enumerate(islice(lexicon.kinds, most))
        # Units are single characters: Chinese titles have several, others hardly one.
        if is_cjk(kind.name) is (characters[place] >= kind.count)
    )


def in_two_scripts(kinds: Sequence[ProductKind]) -> bool:
    """Say whether some kinds have Chinese (Japanese, Korean) names and others have not."""
    return len({is_cjk(each.name) for each in kinds}) > 1


def counterparts(
    kinds: Sequence[ProductKind], vectors: "Mapping[int, NDArray[np.float32]]"
) -> tuple[tuple[int, int], ...]:
    """Return places of kinds that are the same in another script.

    Products in two languages lie in two clouds, and some kinds are near all of the other cloud. So
    a cosine counts by how much it is above what either kind is used to (CSLS: Conneau et al. 2018),
    and the two have to be each other's nearest by a margin. With a model that does not know both
    languages next to no kinds are.

    Args:
        kinds: of the lexicon.
        vectors: place of a kind → a mean of its products' vectors, float32, `(dimension,)`.

    Returns:
        The kind in Chinese (Japanese, Korean) characters, and the other. Both are of one field. No
        kind stands in two pairs.
    """
    pairs: list[tuple[int, int]] = []
    for field in dict.fromkeys(each.field for each in kinds):
        known = [place for place in sorted(vectors) if kinds[place].field == field]
        cjk = [place for place in known if is_cjk(kinds[place].name)]
        others = [place for place in known if not is_cjk(kinds[place].name)]
        if cjk and others:
            closeness = _above_the_usual(_directions(cjk, vectors) @ _directions(others, vectors).T)
            pairs += [(cjk[row], others[column]) for row, column in _mutual(closeness)]
    return tuple(pairs)


def _directions(
    places: Sequence[int], vectors: "Mapping[int, NDArray[np.float32]]"
) -> "NDArray[np.float32]":
    """Return vectors of length 1, or 0 where there is no direction: `(n_kinds, dimension)`."""
    rows = np.stack([vectors[place] for place in places])
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    directions: NDArray[np.float32] = np.divide(
        rows, lengths, out=np.zeros_like(rows), where=lengths > 0
    )
    return directions


def _above_the_usual(cosines: "NDArray[np.float32]") -> "NDArray[np.float32]":
    """Return twice the cosine, less what either kind is used to: the mean of its nearest."""
    rows = np.sort(cosines, axis=1)[:, -_NEIGHBOURS:].mean(axis=1, keepdims=True)
    columns = np.sort(cosines, axis=0)[-_NEIGHBOURS:].mean(axis=0, keepdims=True)
    above: NDArray[np.float32] = 2 * cosines - rows - columns
    return above


def _mutual(closeness: "NDArray[np.float32]") -> list[tuple[int, int]]:
    """Return the row and column of what is the highest of both by the margin."""
    found = []
    for row, column in enumerate(closeness.argmax(axis=1)):
        others = [*np.delete(closeness[row], column), *np.delete(closeness[:, column], row)]
        # 0 is the usual: without that, the only kinds of two languages would be a pair.
        if closeness[row, column] >= max([0.0, *others]) + _MARGIN:
            found.append((row, int(column)))
    return found
