"""Reading a folder in the layout that Hugging Face models have."""

import json
from pathlib import Path
from typing import Any

from encoders.model_files import OnnxModelFiles, Pooling
from search_core import EncoderUnavailableError

WEIGHTS = ("model.onnx", "onnx/model.onnx")
TOKENIZER = "tokenizer.json"
CONFIGURATIONS = (
    "config.json",
    "config_sentence_transformers.json",
    "modules.json",
    "sentence_bert_config.json",
    "1_Pooling/config.json",
)
"""All of them optional."""

_PASSAGE_PROMPTS = ("passage", "document", "corpus")


def read_model_folder(folder: Path, name: str) -> OnnxModelFiles:
    """Find a model's files and how sentence-transformers would use them.

    Mean pooling and no prefixes are taken where the folder says nothing.

    Args:
        folder: has `model.onnx` or `onnx/model.onnx`, and `tokenizer.json`.
        name: what the model is called in an index.

    Raises:
        EncoderUnavailableError: a file is missing, broken, or asks for a step that is not done.
    """
    weights = next((folder / each for each in WEIGHTS if (folder / each).is_file()), None)
    tokenizer = folder / TOKENIZER
    if weights is None or not tokenizer.is_file():
        missing = " or ".join(WEIGHTS) if weights is None else TOKENIZER
        raise EncoderUnavailableError(
            f"The model folder {folder} has no {missing}.",
            remedy="Export the model with `optimum-cli export onnx --model ID FOLDER`, or name "
            "another model in encoders.model.",
        )
    _refuse_further_layers(folder)
    config = _read(folder / "config.json")
    sentence_bert = _read(folder / "sentence_bert_config.json")
    prompts = _read(folder / "config_sentence_transformers.json").get("prompts") or {}
    return OnnxModelFiles(
        name=name,
        weights=weights,
        tokenizer=tokenizer,
        pooling=_pooling(folder),
        query_prefix=prompts.get("query") or "",
        passage_prefix=next((prompts[each] for each in _PASSAGE_PROMPTS if prompts.get(each)), ""),
        max_tokens=sentence_bert.get("max_seq_length") or config.get("max_position_embeddings"),
        pad_token_id=config.get("pad_token_id"),
    )


def _read(path: Path) -> dict[str, Any]:
    content = _read_json(path)
    if content is None:
        return {}
    if not isinstance(content, dict):
        raise _unreadable(path, "it holds no JSON object")
    return content


def _read_json(path: Path) -> object:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise _unreadable(path, str(error)) from error


def _unreadable(path: Path, reason: str) -> EncoderUnavailableError:
    return EncoderUnavailableError(
        f"The model's file {path} cannot be read: {reason}.",
        remedy="Copy the model's folder again.",
    )


def _pooling(folder: Path) -> Pooling:
    path = folder / "1_Pooling" / "config.json"
    config = _read(path)
    if not config:
        return Pooling.MEAN
    modes = {key.removeprefix("pooling_mode_") for key, on in config.items() if on is True}
    modes.discard("include_prompt")
    named = config.get("pooling_mode")
    if isinstance(named, str):
        modes.add(named)
    if modes & {"mean_tokens", "mean"} and len(modes) == 1:
        return Pooling.MEAN
    if modes & {"cls_token", "cls"} and len(modes) == 1:
        return Pooling.CLS
    raise EncoderUnavailableError(
        f"{path} asks for the pooling {', '.join(sorted(modes)) or 'none'}, which is not offered.",
        remedy="Use a model with mean or CLS pooling.",
    )


def _refuse_further_layers(folder: Path) -> None:
    # Leaving a trained layer out would give vectors that look right and are not.
    modules = _read_json(folder / "modules.json")
    if not isinstance(modules, list):
        return
    for module in modules:
        kind = str(module.get("type", "")) if isinstance(module, dict) else ""
        if kind.rpartition(".")[2] not in ("Transformer", "Pooling", "Normalize"):
            raise EncoderUnavailableError(
                f"{folder / 'modules.json'} names the layer {kind or module!r} after the "
                "transformer, which the ONNX file does not hold.",
                remedy="Use a model made of transformer, pooling and normalisation only.",
            )
