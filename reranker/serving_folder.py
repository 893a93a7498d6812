"""The folder that a cross-encoder is served from: a named one gets a graph made for CPUs."""

import logging
import shutil
from pathlib import Path

import numpy as np

from artifacts import ArtifactStore, make_folder_once
from reranker.cross_encoder import (
    CARD_FILE,
    TOKENIZER_FILE,
    WEIGHTS_FILES,
    CrossEncoder,
    ScoringError,
    UnusableModelError,
)
from reranker.named_cross_encoders import NAMED_CROSS_ENCODERS, cross_encoder_folder

_logger = logging.getLogger(__name__)

_GRAPH = "graph1"
"""Part of the folder's name: changes with what `bert_graph` writes."""
_EPSILON = 1e-12
"""Of BERT's layer norms; Source: Devlin et al. 2018, its reference implementation."""
_LEAST_CORRELATION = 0.99
"""Of the logits of the pairs below, before and after. A wrong number of heads leaves far less."""
_PAIRS = (
    ("red dress", "a red summer dress"),
    ("red dress", "toner cartridge, black"),
    ("laser printer", "laser printer with two trays, black and white"),
    ("laser printer", "toner for laser printers, black"),
    ("usb cable", "2 m USB cable, white"),
    ("usb cable", "a desk made of oak"),
    ("wireless mouse", "mouse pad with a wrist rest"),
    ("wireless mouse", "quiet wireless mouse, grey"),
)


def serving_folder(name_or_folder: str, store: ArtifactStore) -> Path:
    """Return a folder to load or publish, fetched and rewritten once where a name was given.

    Args:
        name_or_folder: a named model, or a folder, which is served as it is.
        store: where artefacts and what is made of them are kept.

    Raises:
        RerankerModelError: it is neither.
        ArtifactError: the files could not be had.
    """
    source = cross_encoder_folder(name_or_folder, store)
    named = NAMED_CROSS_ENCODERS.get(name_or_folder)
    if named is None:
        return source

    def build(building: Path) -> None:
        for file in (TOKENIZER_FILE, CARD_FILE):
            shutil.copy(source / file, building)
        write_serving_weights(source, building, heads=named.attention_heads)

    return make_folder_once(source.with_name(f"{source.name}-{_GRAPH}"), build)


def write_serving_weights(source: Path, target: Path, *, heads: int) -> None:
    """Write the faster graph of a quantised BERT.

    Where it cannot be had, or gives other scores, the weights are copied as they are, and a warning
    is logged.

    Args:
        source: folder of a cross-encoder.
        target: folder that has everything but the weights.
        heads: of attention.
    """
    # `onnx` takes a third of a second to import, which a model that is made already does not need.
    from reranker.bert_graph import write_bert_graph  # noqa: PLC0415
    from reranker.bert_weights import NoPlainBertError, stored_bert  # noqa: PLC0415

    before, after = source / WEIGHTS_FILES[0], target / WEIGHTS_FILES[0]
    try:
        write_bert_graph(stored_bert(before, heads=heads, epsilon=_EPSILON), after)
        agreement = _agreement(source, target)
    except (NoPlainBertError, ScoringError, UnusableModelError) as error:
        reason = str(error)
    else:
        if agreement >= _LEAST_CORRELATION:
            return
        reason = f"its logits' correlation with those before is {agreement:.3f}"
    _logger.warning("cross_encoder_left_slower folder=%s reason=%s", source, reason)
    shutil.copy(before, after)


def _agreement(one: Path, other: Path) -> float:
    before, after = (CrossEncoder(folder).score(_PAIRS) for folder in (one, other))
    return float(np.corrcoef(before, after)[0, 1])
