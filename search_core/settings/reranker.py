"""The cross-encoder that reads query and product together."""

from pathlib import Path
from typing import Annotated

from pydantic import Field

from search_core.setting_choices import DeadModel, RerankerKind
from search_core.settings.section import PositiveInt, Section, Weight


class BusinessSignals(Section):
    """`[reranker.business]`: what moves products in the rerank window besides relevance.

    All weights are 0 until a shop has measured that another one earns its place.
    """

    popularity_weight: Weight = 0.0
    """What the most popular product of the window gains over the least popular one."""
    available_weight: Weight = 0.0
    """What a product that can be bought now gains over one that cannot; one of which nothing is
    known gains nothing."""


class RerankerSettings(Section):
    """`[reranker]`: a cross-encoder that reads query and product together.

    docs/reranker.md says what it was measured to gain.
    """

    kind: RerankerKind = RerankerKind.NONE
    """`none` keeps the order of fusion; `triton` asks a Triton server; `onnx` computes in this
    process, for trials and measurements without a server."""
    url: Annotated[str, Field(pattern=r"^[^/\s]+:\d+$")] = "127.0.0.1:8001"
    """Host and port of Triton's gRPC service. Where it is not set and `shopkeeper up --triton` has
    started a server, that one is used."""
    triton_model: Annotated[str, Field(pattern=r"^[\w-]+$")] = "cross_encoder"
    """Name of the model in Triton's repository."""
    cross_encoder: str = "ms-marco-minilm-l12-v2-int8"
    """What `shopkeeper reranker install` publishes, and what `onnx` loads: the named model, or a
    folder with an ONNX cross-encoder and its tokenizer.json."""
    repository: Path | None = None
    """Triton's model repository. Unset: `triton/models` in the local stack's data folder."""
    languages: tuple[str, ...] = ()
    """ISO 639-1 codes of the queries that are reranked. Empty: those of the model's card. A query
    in another language keeps the order of fusion."""
    rerank_window: Annotated[int, Field(ge=2, le=1000)] = 50
    """Fused candidates that are scored again. More: better order, slower; time grows with it."""
    weight: Annotated[float, Field(ge=0, le=1)] = 0.4
    """The cross-encoder's share of the mixed score; fusion has the rest. 0 leaves fusion's order, 1
    the cross-encoder's alone."""
    timeout_ms: PositiveInt = 800
    """A search waits no longer for the reranker, and less where `retrieval.deadline_ms` leaves
    less."""
    passage_fields: tuple[str, ...] = ("title", "product_type", "description")
    """What of a product the cross-encoder reads, in this order: fields of the product, names of
    attributes (with the name before the value), or `attributes` for the first of them."""
    passage_field_chars: Annotated[int, Field(ge=10, le=10_000)] = 120
    """Characters of a field that are read; the title is never cut."""
    passage_attributes: Annotated[int, Field(ge=1, le=100)] = 8
    """How many attributes `attributes` in `passage_fields` stands for."""
    max_tokens: Annotated[int, Field(ge=16, le=512)] = 256
    """Longer pairs are cut by `onnx`; Triton has its own limit in config.pbtxt."""
    threads: Annotated[int, Field(ge=0)] = 0
    """Threads that compute for `onnx`; 0: one a core."""
    pairs_per_request: Annotated[int, Field(ge=1, le=256)] = 64
    """A larger window is split into requests of at most so many pairs, which Triton spreads over
    its instances."""
    cached_scores: Annotated[int, Field(ge=0)] = 100_000
    """Scores kept in memory (about 150 bytes each), oldest use dropped first; 0 keeps none."""
    failures_to_open: PositiveInt = 3
    """After so many failures in a row no search waits for the reranker any more."""
    cool_down_ms: PositiveInt = 1_000
    """How often a broken reranker is tried again, beside the searches."""
    dead_model: DeadModel = DeadModel.RELOAD
    """`reload` asks Triton to load a model again whose process has died: Triton does not by itself,
    and needs `--model-control-mode=explicit` for it. `leave` waits for whoever looks after it."""
    business: BusinessSignals = BusinessSignals()
    """Signals besides relevance."""
