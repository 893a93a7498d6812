"""A tokenizer without the pieces that a shop's texts never need, and which rows of a model stay.

A multilingual vocabulary has a quarter of a million pieces: most of such a model, of which a
catalogue uses a few thousand. What is left tokenises the given texts as before. Other texts come
out in smaller pieces where a piece is gone, down to single characters, all of which stay.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from search_core import RerankerTrainingError

_UNIGRAM, _WORD_PIECE = "Unigram", "WordPiece"
_PADDING = ("[PAD]", "<pad>")
_WORD_START = "\u2581"
_BATCH = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class PrunedVocabulary:
    """What is left of a vocabulary."""

    tokenizer: str
    """The content of its tokenizer.json."""
    kept: NDArray[np.int64]
    """Which ids stay, ascending; a piece's place here is its new id."""


def pruned_vocabulary(
    tokenizer_file: Path, texts: Iterable[str], *, pieces: int
) -> PrunedVocabulary:
    """Keep special tokens, single characters, the pieces of the texts, and the likeliest others.

    Args:
        tokenizer_file: a tokenizer.json with unigram or WordPiece segmentation.
        texts: of the shop.
        pieces: how many are wanted; more are kept where the texts need more, and the likeliest fill
            up where they need fewer. Unigram pieces have their probability; WordPiece's are taken
            in their order.

    Raises:
        RerankerTrainingError: the tokenizer is of another kind, such as byte-pair encoding, whose
            pieces are built of each other.
    """
    described = json.loads(tokenizer_file.read_text(encoding="utf-8"))
    kind = described["model"].get("type")
    if kind not in (_UNIGRAM, _WORD_PIECE):
        raise RerankerTrainingError(
            f"{tokenizer_file} has a tokenizer of the kind {kind}, which cannot be pruned",
            remedy="set reranker.training.vocabulary_pieces to 0, which keeps all of it",
        )
    names = _names(described["model"])
    needed = _special_ids(described, names) | _used_ids(tokenizer_file, texts)
    needed |= {place for place, name in enumerate(names) if len(_bare(name)) <= 1}
    likeliest = list(range(len(names)))
    if kind == _UNIGRAM:
        scores = [score for _, score in described["model"]["vocab"]]
        likeliest.sort(key=lambda place: -scores[place])
        # A character without a piece costs as much as the unlikeliest piece and a constant.
        needed.add(likeliest[-1])
    for place in likeliest:
        if len(needed) >= pieces:
            break
        needed.add(place)
    kept = np.array(sorted(needed), np.int64)
    return PrunedVocabulary(tokenizer=_without(described, kept.tolist()), kept=kept)


def _names(model: Mapping[str, Any]) -> list[str]:
    """Return the pieces in the order of their ids, which start at 0 without gaps."""
    vocabulary = model["vocab"]
    if isinstance(vocabulary, list):
        return [str(name) for name, _ in vocabulary]
    return sorted(vocabulary, key=vocabulary.__getitem__)


def _bare(name: str) -> str:
    return name.removeprefix("##").removeprefix(_WORD_START)


def _special_ids(described: Mapping[str, Any], names: Sequence[str]) -> set[int]:
    special = {int(each["id"]) for each in described["added_tokens"]}
    special |= {place for holder in _id_holders(described) for place in holder}
    if described.get("padding"):
        special.add(int(described["padding"]["pad_id"]))
    by_name = {described["model"].get("unk_token"), *_PADDING}
    return special | {place for place, name in enumerate(names) if name in by_name}


def _id_holders(described: Mapping[str, Any]) -> Iterator[list[int]]:
    """Yield the lists of ids that are added around texts."""
    for processor in _processors(described["post_processor"]):
        for each in processor.get("special_tokens", {}).values():
            yield each["ids"]
        for name in ("sep", "cls"):
            if name in processor:
                yield processor[name][1:]


def _processors(processor: Mapping[str, Any] | None) -> Iterator[Mapping[str, Any]]:
    if processor is None:
        return
    if processor["type"] == "Sequence":
        for part in processor["processors"]:
            yield from _processors(part)
    else:
        yield processor


def _used_ids(tokenizer_file: Path, texts: Iterable[str]) -> set[int]:
    tokenizer = Tokenizer.from_file(str(tokenizer_file))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    used: set[int] = set()
    waiting: list[str] = []
    for text in texts:
        waiting.append(text)
        if len(waiting) == _BATCH:
            used.update(*(each.ids for each in tokenizer.encode_batch(waiting)))
            waiting = []
    return used.union(*(each.ids for each in tokenizer.encode_batch(waiting)))


def _without(described: dict[str, Any], kept: Sequence[int]) -> str:
    """Return the tokenizer's description with the kept pieces, renumbered."""
    places = {old: new for new, old in enumerate(kept)}
    model = described["model"]
    names = _names(model)
    inside = [old for old in kept if old < len(names)]
    if model["type"] == _UNIGRAM:
        model["vocab"] = [model["vocab"][old] for old in inside]
        model["unk_id"] = places.get(model["unk_id"])
    else:
        model["vocab"] = {names[old]: places[old] for old in inside}
    for each in described["added_tokens"]:
        each["id"] = places[each["id"]]
    for processor in _processors(described["post_processor"]):
        for each in processor.get("special_tokens", {}).values():
            each["ids"] = [places[old] for old in each["ids"]]
        for name in ("sep", "cls"):
            if name in processor:
                processor[name][1] = places[processor[name][1]]
    if described.get("padding"):
        described["padding"]["pad_id"] = places[described["padding"]["pad_id"]]
    return json.dumps(described, ensure_ascii=False)
