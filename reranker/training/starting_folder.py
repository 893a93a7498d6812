"""The start of a training, for whoever trains something else than a cross-encoder."""

from pathlib import Path

from reranker.cross_encoder import read_card
from reranker.training.starting_model import WantedVocabulary, write_starting_model


def starting_folder(
    source: Path,
    target: Path,
    *,
    layers: int | None,
    seed: int,
    vocabulary: WantedVocabulary | None = None,
) -> Path:
    """Write the model that training starts from, as a Hugging Face folder with its tokenizer.json.

    Args:
        source: a Hugging Face folder, or an exported BERT cross-encoder (`model.onnx`).
        target: the folder; it is made.
        layers: how many are kept, evenly spread; `None`: all.
        seed: of weights that the source does not have.
        vocabulary: what is kept of its vocabulary; `None`: all.

    Returns:
        `target`.

    Raises:
        RerankerTrainingError: the source is neither, or has fewer layers, or a vocabulary that
            cannot be pruned.
    """
    write_starting_model(source, target, layers=layers, seed=seed, vocabulary=vocabulary)
    return target


def start_languages(start: Path) -> tuple[str, ...]:
    """Return the ISO 639-1 codes of the queries that a start reads; empty: it reads all."""
    return tuple(str(each) for each in read_card(start).get("languages", ()))
