"""A multilingual model and an English one side by side, as one encoder with one vector field.

Every text is encoded by the multilingual model; a text in Latin letters also by the English one.
Each writes into a part of the vector of its own:

```
"red dress"      → [ √½ English | √½ multilingual ]
"红色连衣裙"       → [      0     |    multilingual  ]
```

So the cosine of two English texts is the mean of both models' cosines, and that of texts in two
scripts is the multilingual model's (times √½): English is searched by a model that is good at it,
and products are still found across languages. Measured on the sample shop against either model
alone: docs/relevance.md.
"""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from search_core import EncoderIdentity, TextEncoder

_SHARE = np.float32(0.5**0.5)
"""Length of each part, so that the whole has length 1 and both models count alike."""

# One Chinese, Japanese or Korean character is enough, since a query may well be a Latin name and
# one word; of other scripts two letters in a row, since "Ω" and "µ" stand in English texts too.
_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7af"
_LATIN = "A-Za-z\u00aa-\u024f\u1e00-\u1eff"
_OTHER_SCRIPT = re.compile(rf"[{_CJK}]|[^\W\d_{_LATIN}]{{2}}")


def in_latin_letters(text: str) -> bool:
    """Return whether a text is written in Latin letters, a stray symbol aside."""
    return _OTHER_SCRIPT.search(text) is None


class ModelPairEncoder:
    """Encodes every text by one model, and texts in Latin letters by a second one too."""

    def __init__(self, name: str, *, latin: TextEncoder, every: TextEncoder) -> None:
        """Put two models side by side.

        Args:
            name: of the pair, for the identity.
            latin: the model for texts in Latin letters.
            every: the multilingual model.
        """
        self._latin = latin
        self._every = every
        self._split = latin.identity.dimension
        # Both contents are in the name, since a change of either changes the vectors.
        contents = "+".join(each.identity.model_id.rpartition("@")[2] for each in (latin, every))
        self._identity = EncoderIdentity(
            model_id=f"{name}@{contents}", dimension=self._split + every.identity.dimension
        )

    @property
    def identity(self) -> EncoderIdentity:
        """The pair and the sum of both dimensions."""
        return self._identity

    def encode_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Encode product texts: float32, `(len(texts), dimension)`, rows of length 1.

        Raises:
            EncoderError: a model could not be run.
        """
        vectors = np.zeros((len(texts), self._identity.dimension), np.float32)
        vectors[:, self._split :] = self._every.encode_passages(texts)
        latin = [place for place, text in enumerate(texts) if in_latin_letters(text)]
        if latin:
            vectors[latin, : self._split] = self._latin.encode_passages([texts[at] for at in latin])
            vectors[latin] *= _SHARE
        return vectors

    def encode_query(self, text: str) -> NDArray[np.float32]:
        """Encode a query: float32, `(dimension,)`, of length 1.

        Raises:
            EncoderError: a model could not be run.
        """
        vector = np.zeros(self._identity.dimension, np.float32)
        vector[self._split :] = self._every.encode_query(text)
        if in_latin_letters(text):
            vector[: self._split] = self._latin.encode_query(text)
            vector *= _SHARE
        return vector
