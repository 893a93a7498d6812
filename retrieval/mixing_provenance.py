"""What a learned mixing was learned from, and what it mixes now."""

import logging
from collections.abc import Sequence

from reranker import is_among
from reranker.mixing import MixingModel
from search_core import EncoderIdentity

_logger = logging.getLogger(__name__)


class MixingProvenance:
    """Tells, once a model, of models that a mixing was not learned with.

    It stays in use: what it looks at is a score's place in the window, which models that order
    alike agree on. But it is no longer what was proven.
    """

    def __init__(self, mixing: MixingModel | None, warnings: Sequence[str] = ()) -> None:
        """Keep what it is.

        Args:
            mixing: `None`: nothing was learned, and nothing is told.
            warnings: what is known to be otherwise already.
        """
        self._mixing = mixing
        self._warnings = list(warnings)
        self._told_of: set[str] = set()

    @property
    def warnings(self) -> tuple[str, ...]:
        """All that was found to be otherwise, in sentences."""
        return tuple(self._warnings)

    def index_has(self, encoder: EncoderIdentity | None) -> None:
        """Note the text encoder of an index that is searched; `None`: it has no vectors."""
        learned_with = "" if self._mixing is None else self._mixing.encoder
        found = "none" if encoder is None else encoder.model_id
        if learned_with in {"", found} or found in self._told_of:
            return
        self._told_of.add(found)
        self._warnings.append(
            f"the mixing was learned with vectors of {learned_with}; the index has those of {found}"
        )
        _logger.warning(
            "mixing_learned_with_another_encoder learned_with=%s index=%s", learned_with, found
        )

    def reads(self, model_id: str) -> None:
        """Note the cross-encoder whose logits are mixed."""
        learned_from = "" if self._mixing is None else self._mixing.cross_encoder
        if not learned_from or is_among(model_id, learned_from) or model_id in self._told_of:
            return
        self._told_of.add(model_id)
        self._warnings.append(
            f"the mixing was learned from the logits of {learned_from}; now {model_id} reads"
        )
        _logger.warning(
            "mixing_learned_from_another_model learned_from=%s reads=%s", learned_from, model_id
        )
