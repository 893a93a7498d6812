"""One cross-encoder in memory: pairs of texts in, one logit a pair out.

This file is also copied beside each `model.py` in the Triton model repository, so that both ways of
serving give the same scores. Nothing of the project is installed there: it imports the standard
library, numpy, onnxruntime and tokenizers only, and is longer than others, to be one file.
"""

import hashlib
import json
import os
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from onnxruntime.capi import onnxruntime_pybind11_state as ort_errors
from tokenizers import Encoding, Tokenizer

WEIGHTS_FILES = ("model.onnx", "onnx/model.onnx")
TOKENIZER_FILE = "tokenizer.json"
CARD_FILE = "model_card.json"

# As `encoders.ONNX_RUNTIME_ERRORS`, which cannot be imported here.
_ORT_ERRORS = (
    ort_errors.EPFail,
    ort_errors.EngineError,
    ort_errors.Fail,
    ort_errors.InvalidArgument,
    ort_errors.InvalidGraph,
    ort_errors.InvalidProtobuf,
    ort_errors.ModelLoaded,
    ort_errors.NoModel,
    ort_errors.NoSuchFile,
    ort_errors.NotImplemented,
    ort_errors.RuntimeException,
)
_KNOWN_INPUTS = ("input_ids", "attention_mask", "token_type_ids")
_USUAL_PAD_TOKENS = ("[PAD]", "<pad>")
_READ_BYTES = 1 << 20
_ON_CPU = ("CPUExecutionProvider",)
_SLOWER = ("SkipLayerNormFusion",)
"""What ONNX Runtime joins to its loss on a CPU: measured in ADR 0040."""
_ERRORS_ONLY = 3

Pair = tuple[str, str]
"""Query and passage."""


class UnusableModelError(Exception):
    """A model folder is incomplete, broken or not a cross-encoder's."""


class ScoringError(Exception):
    """A model that loads failed on pairs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoringOptions:
    """How pairs are computed."""

    max_tokens: int = 256
    """A longer pair is cut, its longer text first; the model's own limit counts too."""
    micro_batch: int = 32
    """Pairs computed together at most; a GPU wants 128."""
    micro_batch_tokens: int = 160
    """Tokens computed together at most, padding included; a longer pair is computed alone. On a
    CPU more of them leave the cache and are padded more; a GPU wants thousands."""
    pad_to_multiple: int = 1
    """Lengths are padded to it, for providers that compile a shape at its first sight."""
    threads: int = 0
    """On a CPU, that each compute micro-batches; 0: one a core."""
    providers: tuple[str, ...] = _ON_CPU


class CrossEncoder:
    """An ONNX cross-encoder with its tokenizer. Safe to call from several threads."""

    def __init__(self, folder: Path, options: ScoringOptions | None = None) -> None:
        """Load the model.

        Args:
            folder: has `model.onnx` (or `onnx/model.onnx`) and `tokenizer.json`; `model_card.json`
                may name the model and its languages.
            options: how pairs are computed.

        Raises:
            UnusableModelError: a file is missing or does not load, or it is no cross-encoder.
        """
        self._options = options or ScoringOptions()
        card = read_card(folder)
        weights = weights_file(folder)
        self.languages: tuple[str, ...] = tuple(card.get("languages", ()))
        """ISO 639-1 codes that the card names; empty: it names none."""
        self.model_id = f"{card.get('name', folder.name)}@{fingerprint(folder)}"
        """Name and content: changes whenever the scores can."""
        on_cpu = self._options.providers == _ON_CPU
        self._threads = (self._options.threads or _cores()) if on_cpu else 1
        self._beside = ThreadPoolExecutor(max(1, self._threads - 1), "micro_batches")
        self._session = _open_session(weights, self._options)
        self._inputs = _checked_inputs(self._session, weights)
        self._labels = _checked_labels(self._session, weights)
        self._tokenizer = _open_tokenizer(folder / TOKENIZER_FILE)
        self._pad_id = _pad_id(self._tokenizer)
        limit = min(self._options.max_tokens, int(card.get("max_tokens", 512)))
        self._tokenizer.no_padding()
        # Not `only_second`: it fails on a query that is longer than the limit.
        self._tokenizer.enable_truncation(limit, strategy="longest_first")

    def score(
        self, pairs: Sequence[Pair], is_abandoned: Callable[[], bool] = lambda: False
    ) -> NDArray[np.float32]:
        """Return one logit a pair; higher is more relevant.

        Pairs are tokenised once and computed in micro-batches of similar length, which threads
        take in turn, each computing one alone: threads that share one micro-batch wait for each
        other at every step. A model whose activations are quantised as they run (int8) chooses one
        scale a micro-batch, so a score depends a little on the pairs beside it, though not on the
        number of threads.

        Args:
            pairs: query and passage of each.
            is_abandoned: asked before each micro-batch; once it says yes, the rest is left out and
                its logits are NaN.

        Returns:
            float32, `(len(pairs),)`, in the order of `pairs`.

        Raises:
            ScoringError: ONNX Runtime failed, or gave a logit that is no number.
        """
        logits = np.full(len(pairs), np.nan, np.float32)
        if not pairs:
            return logits
        encodings = self._tokenizer.encode_batch(
            [(_well_formed(query), _well_formed(passage)) for query, passage in pairs]
        )
        if not self._compute(encodings, logits, is_abandoned):
            return logits
        if not np.isfinite(logits).all():
            raise ScoringError(f"{self.model_id} gave a logit that is not a number")
        return logits

    def _compute(
        self,
        encodings: Sequence[Encoding],
        logits: NDArray[np.float32],
        is_abandoned: Callable[[], bool],
    ) -> bool:
        """Fill in the logits, together with the threads beside this one; `False`: abandoned.

        Raises:
            ScoringError: ONNX Runtime failed.
        """
        # The longest first, so that no thread begins the dearest one when the others are done.
        pending = deque(reversed(list(self._micro_batches(encodings))))
        stopped = threading.Event()

        def work(is_abandoned: Callable[[], bool]) -> None:
            try:
                while not stopped.is_set() and (batch := _taken(pending)):
                    if is_abandoned():
                        stopped.set()
                        return
                    logits[batch] = self._run([encodings[place] for place in batch])
            except BaseException:
                stopped.set()
                raise

        beside = [
            self._beside.submit(work, _never) for _ in range(min(self._threads, len(pending)) - 1)
        ]
        try:
            # Only the caller's own thread asks: who asks from elsewhere may not be answered.
            work(is_abandoned)
        finally:
            # What has not begun, since the threads work for another caller, is not waited for.
            running = [each for each in beside if not each.cancel()]
            wait(running)
        for each in running:
            each.result()
        return not stopped.is_set()

    def _micro_batches(self, encodings: Sequence[Encoding]) -> Iterator[list[int]]:
        order = sorted(range(len(encodings)), key=lambda place: len(encodings[place].ids))
        batch: list[int] = []
        for place in order:
            # The longest so far, to whose length the others are padded.
            tokens = (len(batch) + 1) * len(encodings[place].ids)
            full = len(batch) == self._options.micro_batch
            if batch and (full or tokens > self._options.micro_batch_tokens):
                yield batch
                batch = []
            batch.append(place)
        if batch:
            yield batch

    def _run(self, encodings: Sequence[Encoding]) -> NDArray[np.float32]:
        longest = max(len(each.ids) for each in encodings)
        multiple = self._options.pad_to_multiple
        width = -(-longest // multiple) * multiple
        feed = {
            "input_ids": np.full((len(encodings), width), self._pad_id, np.int64),
            "attention_mask": np.zeros((len(encodings), width), np.int64),
            "token_type_ids": np.zeros((len(encodings), width), np.int64),
        }
        for row, encoding in enumerate(encodings):
            length = len(encoding.ids)
            feed["input_ids"][row, :length] = encoding.ids
            feed["attention_mask"][row, :length] = 1
            feed["token_type_ids"][row, :length] = encoding.type_ids
        try:
            (output, *_) = self._session.run(None, {name: feed[name] for name in self._inputs})
        except _ORT_ERRORS as error:
            raise ScoringError(f"{self.model_id} failed on {len(encodings)} pairs: {error}") from (
                error
            )
        scores = np.asarray(output, np.float32).reshape(len(encodings), self._labels)
        # Two labels are a softmax over "no" and "yes": the difference is the logit of "yes".
        return scores[:, 0] if self._labels == 1 else scores[:, 1] - scores[:, 0]


def weights_file(folder: Path) -> Path:
    """Return the folder's ONNX file.

    Raises:
        UnusableModelError: there is none.
    """
    for name in WEIGHTS_FILES:
        if (folder / name).is_file():
            return folder / name
    raise UnusableModelError(f"{folder} has no {' or '.join(WEIGHTS_FILES)}")


def read_card(folder: Path) -> dict[str, Any]:
    """Return what `model_card.json` says; empty when there is none.

    Raises:
        UnusableModelError: it cannot be read, or says something else than a card does.
    """
    path = folder / CARD_FILE
    try:
        card = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise UnusableModelError(f"{path} cannot be read: {error}") from error
    if not isinstance(card, dict):
        raise UnusableModelError(f"{path} holds no JSON object")
    _check_card(card, path)
    return card


def _check_card(card: Mapping[str, Any], path: Path) -> None:
    languages, limit = card.get("languages", []), card.get("max_tokens", 512)
    if not isinstance(languages, list) or not all(isinstance(each, str) for each in languages):
        raise UnusableModelError(f"{path}: languages is no list of ISO 639-1 codes")
    if not isinstance(limit, int) or limit < 1:
        raise UnusableModelError(f"{path}: max_tokens is no number of tokens")


def fingerprint(folder: Path) -> str:
    """Return 12 hexadecimal digits of everything that decides the scores.

    Raises:
        UnusableModelError: a file is missing.
    """
    weights = weights_file(folder)
    # Weights over 2 GB lie in files beside the model's own.
    beside = sorted(weights.parent.glob(f"{weights.name}?*"))
    digest = hashlib.sha256(json.dumps(read_card(folder).get("max_tokens")).encode())
    for path in (weights, *beside, folder / TOKENIZER_FILE):
        try:
            with path.open("rb") as file:
                while block := file.read(_READ_BYTES):
                    digest.update(block)
        except OSError as error:
            raise UnusableModelError(f"{path} cannot be read: {error.strerror}") from error
    return digest.hexdigest()[:12]


def _never() -> bool:
    return False


def _taken(pending: deque[list[int]]) -> list[int]:
    """Return the next micro-batch; empty: none is left. Several threads may take at once."""
    try:
        return pending.popleft()
    except IndexError:
        return []


def _cores() -> int:
    """Return how many cores this process may use."""
    allowed = getattr(os, "sched_getaffinity", None)
    return len(allowed(0)) if allowed else os.cpu_count() or 1


def _open_session(weights: Path, options: ScoringOptions) -> onnxruntime.InferenceSession:
    session_options = onnxruntime.SessionOptions()
    on_cpu = options.providers == _ON_CPU
    # A micro-batch is computed by the thread that calls.
    session_options.intra_op_num_threads = 1 if on_cpu else options.threads
    session_options.inter_op_num_threads = 1
    # Threads that wait actively take a third of the speed from each other where cores are shared.
    session_options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    session_options.log_severity_level = _ERRORS_ONLY
    try:
        return onnxruntime.InferenceSession(
            weights,
            sess_options=session_options,
            providers=list(options.providers),
            disabled_optimizers=list(_SLOWER) if on_cpu else None,
        )
    except _ORT_ERRORS as error:
        raise UnusableModelError(f"{weights} does not load: {error}") from error


def _checked_inputs(session: onnxruntime.InferenceSession, weights: Path) -> tuple[str, ...]:
    names = tuple(each.name for each in session.get_inputs())
    unknown = [name for name in names if name not in _KNOWN_INPUTS]
    if unknown:
        raise UnusableModelError(
            f"{weights} wants the input {unknown[0]}, which a cross-encoder does not have; known "
            f"are {', '.join(_KNOWN_INPUTS)}"
        )
    return names


def _checked_labels(session: onnxruntime.InferenceSession, weights: Path) -> int:
    """Return how many numbers a pair gets: 1, or 2 for "no" and "yes"."""
    shape = session.get_outputs()[0].shape
    labels = 1 if len(shape) == 1 else shape[-1]
    if len(shape) > 2 or labels not in (1, 2):
        raise UnusableModelError(
            f"{weights} gives {shape} for its pairs, not one logit or two each: it is no "
            "cross-encoder. Export it for the task text-classification"
        )
    return int(labels)


def _open_tokenizer(path: Path) -> Tokenizer:
    try:
        return Tokenizer.from_file(str(path))
    except Exception as error:  # `tokenizers` raises nothing narrower
        raise UnusableModelError(f"{path} does not load: {error}") from error


def _pad_id(tokenizer: Tokenizer) -> int:
    if tokenizer.padding:
        return int(tokenizer.padding["pad_id"])
    known = (tokenizer.token_to_id(token) for token in _USUAL_PAD_TOKENS)
    return next((token for token in known if token is not None), 0)


def _well_formed(text: str) -> str:
    """Return the text with halves of surrogate pairs, which tokenizers refuse, replaced by `?`."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")
