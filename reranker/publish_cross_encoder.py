"""Publishing a cross-encoder: checked first, so that what is broken never reaches the server."""

import json
import math
import tempfile
from collections.abc import Sequence
from pathlib import Path

from reranker import cross_encoder
from reranker.cross_encoder import (
    CARD_FILE,
    TOKENIZER_FILE,
    CrossEncoder,
    ScoringError,
    ScoringOptions,
    read_card,
    weights_file,
)
from reranker.model_repository import ModelRepository, ModelServer, PublishedVersion
from reranker.onnx_pair_scorer import load_cross_encoder
from search_core import RerankerModelError

_PUBLISHED_WEIGHTS = "model.onnx"
_TEMPLATE = "cross_encoder"
"""All cross-encoders are served alike, whatever they are called."""
# A model that cannot tell these apart was not trained for relevance, or its export went wrong.
_QUERY = "red summer dress"
_MATCH = "A red dress for the summer, light cotton"
_OTHER = "Laser printer toner cartridge, black, 2,300 pages"


def publish_cross_encoder(
    folder: Path,
    repository: ModelRepository,
    server: ModelServer | None,
    *,
    model: str = "cross_encoder",
    languages: Sequence[str] = (),
) -> PublishedVersion:
    """Check an exported cross-encoder and put it live as a new version.

    Args:
        folder: has `model.onnx` (or `onnx/model.onnx`) and `tokenizer.json`, perhaps a
            `model_card.json`.
        repository: where it goes.
        server: `None`: none runs.
        model: name in the repository; one that is not there yet is made.
        languages: ISO 639-1 codes; empty: those of the card.

    Raises:
        RerankerModelError: the folder holds no cross-encoder that works, or the server refuses it.
            What served before still does.
    """
    checked = check_cross_encoder(folder)
    card = read_card(folder)
    card.setdefault("name", folder.resolve().name)
    card["languages"] = list(languages or checked.languages)
    card["model_id"] = checked.model_id
    with tempfile.TemporaryDirectory() as temporary:
        card_file = Path(temporary) / CARD_FILE
        card_file.write_text(json.dumps(card, indent=2), encoding="utf-8")
        weights = weights_file(folder)
        files = {
            _PUBLISHED_WEIGHTS: weights,
            # Weights over 2 GB lie in files beside the model's own, which names them.
            **{each.name: each for each in weights.parent.glob(f"{weights.name}?*")},
            TOKENIZER_FILE: folder / TOKENIZER_FILE,
            CARD_FILE: card_file,
            Path(cross_encoder.__file__).name: Path(cross_encoder.__file__),
        }
        return repository.publish(model, files, server, template=_TEMPLATE)


def check_cross_encoder(folder: Path) -> CrossEncoder:
    """Load a model and score with it.

    Raises:
        RerankerModelError: it does not load, gives no numbers, or the same one for everything.
    """
    model = load_cross_encoder(folder, ScoringOptions())
    try:
        match, other = model.score([(_QUERY, _MATCH), (_QUERY, _OTHER)]).tolist()
    except ScoringError as error:
        raise RerankerModelError(
            f"{folder} loads, but does not score: {error}", remedy="export the model again"
        ) from error
    if math.isclose(match, other, abs_tol=1e-6):
        raise RerankerModelError(
            f"{folder} gives {match:.3f} to a match and to another product alike",
            remedy="the export has lost the weights of the last layer; export the model again",
        )
    return model
