"""The model that training starts from: a named one, or a Hugging Face folder, with fewer layers."""

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from reranker.cross_encoder import TOKENIZER_FILE, WEIGHTS_FILES, ScoringOptions
from reranker.onnx_pair_scorer import load_cross_encoder
from reranker.training.pruned_vocabulary import pruned_vocabulary
from reranker.training.quantised_weights import read_onnx_weights
from search_core import RerankerTrainingError

if TYPE_CHECKING:
    from transformers import BertConfig, PreTrainedModel

_CONFIGURATION = "config.json"
_TOKENIZER_CONFIGURATION = "tokenizer_config.json"
_HEAD_WIDTHS = (64, 32)
"""BERT's and MiniLM's; an ONNX file does not say which, but its scores do."""
_PROBE = (
    ("red dress", "a red summer dress"),
    ("red dress", "toner cartridge, black"),
    ("laser printer", "laser printer with two trays, black and white"),
    ("laser printer", "toner for laser printers, black"),
    ("usb cable", "2 m USB cable, white"),
    ("usb cable", "a desk made of oak"),
    ("wireless mouse", "mouse pad with a wrist rest"),
    ("wireless mouse", "quiet wireless mouse, grey"),
)
_LEAST_CORRELATION = 0.95
"""Of the logits of these pairs, before and after; quantising alone leaves .99."""
_WORD_EMBEDDINGS = "bert.embeddings.word_embeddings.weight"
_SPECIAL_IDS = ("pad_token_id", "bos_token_id", "eos_token_id")
_SPECIAL = {"pad_token": "[PAD]", "unk_token": "[UNK]", "cls_token": "[CLS]", "sep_token": "[SEP]"}


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedVocabulary:
    """What is kept of the start's vocabulary."""

    texts: Sequence[str]
    """Of the shop, which are tokenised as before."""
    pieces: int
    """See `pruned_vocabulary`."""


def write_starting_model(
    source: Path,
    target: Path,
    *,
    layers: int | None,
    seed: int,
    vocabulary: WantedVocabulary | None = None,
) -> None:
    """Write a Hugging Face folder of a cross-encoder with one label.

    Args:
        source: a Hugging Face folder (`config.json`; a model without a head gets a new one), or an
            exported BERT cross-encoder (`model.onnx`).
        target: the folder; it is made.
        layers: how many are kept, evenly spread, the first and the last always; `None`: all.
        seed: of weights that the source does not have.
        vocabulary: what is kept of its vocabulary; `None`: all.

    Raises:
        RerankerTrainingError: the source is neither, or has fewer layers, or a vocabulary that
            cannot be pruned.
    """
    from model_training.loop import prepare_torch  # noqa: PLC0415 - the extra `train`

    prepare_torch(threads=0, seed=seed)
    model = (
        _from_hugging_face(source) if (source / _CONFIGURATION).is_file() else _from_onnx(source)
    )
    if layers is not None:
        _keep_layers(model, layers, source)
    if vocabulary is None:
        model.save_pretrained(target)
        _copy_tokenizer(source, target)
        return
    tokenizer_file = source / TOKENIZER_FILE
    pruned = pruned_vocabulary(tokenizer_file, vocabulary.texts, pieces=vocabulary.pieces)
    _keep_words(model, pruned.kept)
    model.save_pretrained(target)
    _copy_tokenizer(source, target)
    (target / TOKENIZER_FILE).write_text(pruned.tokenizer, encoding="utf-8")
    _forget_ids(source, target)


def kept_layers(available: int, wanted: int) -> tuple[int, ...]:
    """Return which layers are kept, from 0: evenly spread from the first to the last."""
    if wanted == 1:
        return (available - 1,)
    return tuple(round(each * (available - 1) / (wanted - 1)) for each in range(wanted))


def _from_hugging_face(folder: Path) -> "PreTrainedModel":
    from transformers import AutoModelForSequenceClassification  # noqa: PLC0415

    try:
        return AutoModelForSequenceClassification.from_pretrained(
            folder, num_labels=1, local_files_only=True, ignore_mismatched_sizes=True
        )
    except (OSError, ValueError) as error:
        raise RerankerTrainingError(
            f"{folder} does not load: {error}",
            remedy="name a folder with config.json, weights and tokenizer.json",
        ) from error


def _from_onnx(folder: Path) -> "PreTrainedModel":
    import torch  # noqa: PLC0415
    from transformers import BertForSequenceClassification  # noqa: PLC0415

    path = next((folder / name for name in WEIGHTS_FILES if (folder / name).is_file()), None)
    if path is None:
        raise RerankerTrainingError(
            f"{folder} has neither {_CONFIGURATION} nor {' or '.join(WEIGHTS_FILES)}",
            remedy="name a Hugging Face folder, or an exported BERT cross-encoder",
        )
    weights = read_onnx_weights(path)
    found = {name: torch.from_numpy(values.copy()) for name, values in weights.items()}
    expected = load_cross_encoder(folder, ScoringOptions()).score(_PROBE)
    width = weights[_WORD_EMBEDDINGS].shape[1]
    agreement = 0.0
    for head_width in (each for each in _HEAD_WIDTHS if width % each == 0):
        model = BertForSequenceClassification(_configuration(weights, width // head_width))
        missing, unexpected = model.load_state_dict(found, strict=False)
        if missing or unexpected:
            raise RerankerTrainingError(
                f"{path} is no BERT cross-encoder: {', '.join([*missing, *unexpected][:3])} do "
                "not match",
                remedy="name a Hugging Face folder instead",
            )
        agreement = float(np.corrcoef(_logits(model, folder), expected)[0, 1])
        if agreement >= _LEAST_CORRELATION:
            return model
    raise RerankerTrainingError(
        f"the weights of {path} do not give its scores (correlation {agreement:.2f})",
        remedy="name a Hugging Face folder instead",
    )


def _configuration(weights: Mapping[str, NDArray[np.float32]], heads: int) -> "BertConfig":
    from transformers import BertConfig  # noqa: PLC0415

    vocabulary, width = weights[_WORD_EMBEDDINGS].shape
    return BertConfig(
        vocab_size=vocabulary,
        hidden_size=width,
        num_hidden_layers=sum(name.endswith("attention.self.query.weight") for name in weights),
        num_attention_heads=heads,
        intermediate_size=weights["bert.encoder.layer.0.intermediate.dense.bias"].shape[0],
        max_position_embeddings=weights["bert.embeddings.position_embeddings.weight"].shape[0],
        num_labels=1,
    )


def _logits(model: "PreTrainedModel", folder: Path) -> NDArray[np.float32]:
    import torch  # noqa: PLC0415

    tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
    tokenizer.no_padding()
    model.eval()
    logits = []
    with torch.no_grad():
        for pair in _PROBE:
            encoded = tokenizer.encode(*pair)
            output = model(
                input_ids=torch.tensor([encoded.ids]),
                token_type_ids=torch.tensor([encoded.type_ids]),
            )
            logits.append(float(output.logits[0, 0]))
    return np.array(logits, np.float32)


def _keep_layers(model: "PreTrainedModel", wanted: int, source: Path) -> None:
    from torch.nn import ModuleList  # noqa: PLC0415

    encoder = getattr(model.base_model, "encoder", None)
    layers: Any = getattr(encoder, "layer", None)
    if encoder is None or layers is None:
        raise RerankerTrainingError(
            f"{source} is no BERT-like model, whose layers can be left out",
            remedy="start from a BERT, MiniLM, RoBERTa or XLM-R",
        )
    if len(layers) < wanted:
        raise RerankerTrainingError(
            f"{source} has {len(layers)} layers, not {wanted}",
            remedy=f"set reranker.training.layers to at most {len(layers)}",
        )
    encoder.layer = ModuleList(layers[place] for place in kept_layers(len(layers), wanted))
    model.config.num_hidden_layers = wanted


def _keep_words(model: "PreTrainedModel", kept: NDArray[np.int64]) -> None:
    import torch  # noqa: PLC0415

    before = model.get_input_embeddings()
    places = {old: new for new, old in enumerate(kept.tolist())}
    padding = places.get(model.config.pad_token_id)
    rows = before.weight.detach()[torch.from_numpy(kept)].clone()
    model.set_input_embeddings(
        torch.nn.Embedding.from_pretrained(rows, freeze=False, padding_idx=padding)
    )
    model.config.vocab_size = len(kept)
    for name in _SPECIAL_IDS:
        setattr(model.config, name, places.get(getattr(model.config, name, None)))


def _forget_ids(source: Path, target: Path) -> None:
    """Leave ids of tokens out of the tokenizer's configuration; tokenizer.json has the new ones."""
    from transformers import AutoTokenizer  # noqa: PLC0415

    path = target / _TOKENIZER_CONFIGURATION
    described = json.loads(path.read_text(encoding="utf-8"))
    described.pop("added_tokens_decoder", None)
    described["tokenizer_class"] = "PreTrainedTokenizerFast"
    if (source / _TOKENIZER_CONFIGURATION).is_file():
        of_source = AutoTokenizer.from_pretrained(source, local_files_only=True)
        described["model_input_names"] = list(of_source.model_input_names)
    path.write_text(json.dumps(described), encoding="utf-8")


def _copy_tokenizer(source: Path, target: Path) -> None:
    shutil.copyfile(source / TOKENIZER_FILE, target / TOKENIZER_FILE)
    if (source / _TOKENIZER_CONFIGURATION).is_file():
        shutil.copyfile(source / _TOKENIZER_CONFIGURATION, target / _TOKENIZER_CONFIGURATION)
        return
    described = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        # Unless it is said, the segments are left out, and query and passage are read as one text.
        "model_input_names": ["input_ids", "token_type_ids", "attention_mask"],
        **_SPECIAL,
    }
    (target / _TOKENIZER_CONFIGURATION).write_text(json.dumps(described), encoding="utf-8")
