"""The cross-encoder that reads query and product together."""

import math
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from search_core.setting_choices import DeadModel, RerankerKind, TrainingLoss
from search_core.settings.section import CommaSeparated, PositiveInt, Section, Weight


def _signal(text: str) -> tuple[str, float]:
    """Read `FIELD=WEIGHT`."""
    name, separator, number = text.partition("=")
    try:
        weight = float(number)
    except ValueError:
        weight = math.nan
    if not separator or not name.strip() or not math.isfinite(weight):
        message = f"{text!r} is not FIELD=WEIGHT, e.g. margin=0.05 or price=-0.02"
        raise ValueError(message)
    return name.strip(), weight


def _readable_signals(signals: tuple[str, ...]) -> tuple[str, ...]:
    names = [_signal(each)[0] for each in signals]
    twice = sorted({each for each in names if names.count(each) > 1})
    if twice:
        message = f"{', '.join(twice)} has more than one weight"
        raise ValueError(message)
    return signals


Share = Annotated[float, Field(ge=0, le=1)]
LanguageCode = Annotated[str, Field(pattern=r"^[a-z]{2}$")]
"""ISO 639-1."""
_TRITON_NAME = r"^[\w-]+$"


class BusinessSignals(Section):
    """`[reranker.business]`: what moves products in the rerank window besides relevance.

    All weights are 0 until a shop has measured that another one earns its place. They take effect
    without a reranker as well: then fusion's order is what they move.
    """

    popularity_weight: Weight = 0.0
    """What the most popular product of the window gains over the least popular one."""
    available_weight: Weight = 0.0
    """What a product that can be bought now gains over one that cannot; one of which nothing is
    known gains nothing."""
    signals: Annotated[CommaSeparated, AfterValidator(_readable_signals)] = ()
    """Weights of other numbers, as `FIELD=WEIGHT`: a field of the product (`rating`, `price`) or
    the name of an attribute (`margin`). The highest of the window gains the weight over the lowest;
    a negative weight lets the lowest gain. A product without the number gains nothing."""

    @property
    def weights(self) -> dict[str, float]:
        """Field or attribute → weight, for those of `signals` that have one."""
        return {name: weight for name, weight in map(_signal, self.signals) if weight}

    @property
    def are_on(self) -> bool:
        """Whether any signal has a weight."""
        return bool(self.popularity_weight or self.available_weight or self.weights)


class RerankerTrainingSettings(Section):
    """`[reranker.training]`: how `shopkeeper reranker train` makes a cross-encoder of your own.

    docs/reranker_training.md says what was measured with the defaults.
    """

    start: str = "ms-marco-minilm-l12-v2-int8"
    """What training starts from: the named model, `multilingual-e5-small` for catalogues in other
    languages or several, or a folder of a Hugging Face model (config.json, weights,
    tokenizer.json)."""
    teacher: str = "ms-marco-minilm-l12-v2-int8"
    """The cross-encoder whose logits are learned, named or a folder as for
    `reranker.cross_encoder`; empty: none, the catalogue alone teaches."""
    teacher_share: Share = 0.67
    """Of the targets; the rest is how well a product's kind agrees with the query."""
    back_translation: CommaSeparated = ()
    """ISO 639-1 codes of languages that queries are translated into and back again by the language
    model of `[llm]`, for other words for the same; empty: none are. Translations into a language of
    the catalogue are learned from as queries too."""
    back_translation_share: Share = 0.3
    """Of the queries that are made from the catalogue."""
    layers: Annotated[int, Field(ge=1, le=48)] = 6
    """Layers that are kept of the start's, evenly spread. Time for a window grows with it."""
    vocabulary_pieces: Annotated[int, Field(ge=0)] = 0
    """Pieces of words that are kept of the start's vocabulary: those of the catalogue and of the
    judged queries, single characters, and the likeliest others up to this number; 0: all. A model
    of many languages gets several times smaller by 20000, and a language that the catalogue does
    not have is then read in smaller pieces."""
    frozen_layers: Annotated[int, Field(ge=0, le=47)] = 0
    """Layers from below, of those that are kept, that are not trained. Their states are computed
    once a pair and kept in a file of 31 kB a pair while training runs, so that each further epoch
    costs the layers above alone: for few examples that are seen often, as judgments are."""
    lora_rank: Annotated[int, Field(ge=0, le=512)] = 0
    """Width of low-rank adapters (LoRA) that are trained in place of the layers, and merged into
    them in the end; 0: the layers themselves are trained. 8 or 16 are usual. It saves the memory of
    gradients and of the optimiser, for models of which a GPU could not hold them, and wants a
    `learning_rate` some ten times as high. With `frozen_layers` the layers above get adapters."""
    lora_alpha: Annotated[float, Field(gt=0)] | None = None
    """What adapters add is multiplied by it and divided by their rank; unset: twice the rank."""
    lora_dropout: Annotated[float, Field(ge=0, lt=1)] = 0.05
    """Share of an adapter's inputs that a step leaves out."""
    lora_modules: CommaSeparated = ()
    """Linear layers that get adapters, by the end of their names in the model: `query,key,value`,
    or with `dense` all. Empty: those that are usual for the architecture, queries and values of
    attention."""
    max_tokens: Annotated[int, Field(ge=16, le=512)] = 96
    """Longer pairs are cut, in training and when the model serves."""
    queries: Annotated[int, Field(ge=20)] = 4_000
    """Queries that are made from the catalogue, where it has so many to give."""
    candidates: Annotated[int, Field(ge=10, le=1_000)] = 100
    """How deep in the present search's results the competing products are drawn from."""
    list_size: Annotated[int, Field(ge=2, le=50)] = 10
    """Products that compete for a query."""
    sharpness: Annotated[float, Field(gt=0)] = 2.0
    """How much the best products of a list stand out: targets are divided by their spread and
    multiplied by it."""
    noise_share: Share = 0.1
    """Of the queries gets a typing error."""
    held_out_share: Annotated[float, Field(gt=0, le=0.5)] = 0.1
    """Of the kinds of query measures progress and is not learned from."""
    loss: TrainingLoss = TrainingLoss.LISTWISE
    """What is minimised; docs/reranker_training.md compares them."""
    epochs: Annotated[float, Field(gt=0, le=100)] = 2.0
    """How often everything is seen, at most."""
    lists_per_step: PositiveInt = 4
    """Lists a step; more are steadier and take more memory."""
    learning_rate: Annotated[float, Field(gt=0, lt=1)] = 1e-4
    """Highest learning rate, reached after a tenth of the steps, then falling to 0."""
    patience: PositiveInt = 3
    """Training ends after so many measurements without progress, and keeps the best model."""
    measurements: PositiveInt = 8
    """How often in all the held-out queries are measured and a checkpoint is written."""
    threads: Annotated[int, Field(ge=0)] = 0
    """Threads that train; 0: one a core. Where other work shares the cores, fewer are faster."""
    seed: int = 1
    """The same seed, data and machine give the same model."""


class LanguageModelSettings(Section):
    """`[reranker.models.CODE]`: the cross-encoder of one language's queries."""

    cross_encoder: str = ""
    """As `reranker.cross_encoder`. Only `onnx` and `shopkeeper reranker install` need it: a Triton
    serves what was published."""
    triton_model: Annotated[str, Field(pattern=_TRITON_NAME)] | None = None
    """As `reranker.triton_model`; unset: that name with the code, e.g. `cross_encoder_zh`."""
    weight: Share | None = None
    """The model's share of the mixed score, for queries of this language, in place of
    `reranker.mixing_model` too; unset: they are mixed as all others are."""

    @model_validator(mode="before")
    @classmethod
    def _from_name(cls, given: object) -> object:
        """Read `zh = "models/mine-onnx"`."""
        return {"cross_encoder": given} if isinstance(given, str) else given


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
    triton_model: Annotated[str, Field(pattern=_TRITON_NAME)] = "cross_encoder"
    """Name of the model in Triton's repository."""
    cross_encoder: str = "ms-marco-minilm-l12-v2-int8"
    """What `shopkeeper reranker install` publishes, and what `onnx` loads: the named model, or a
    folder with an ONNX cross-encoder and its tokenizer.json."""
    repository: Path | None = None
    """Triton's model repository. Unset: `triton/models` in the local stack's data folder."""
    languages: CommaSeparated = ()
    """ISO 639-1 codes of the queries that are reranked. Empty: those of the model's card. A query
    in another language keeps the order of fusion, unless `models` has one for it."""
    models: dict[LanguageCode, LanguageModelSettings] = {}  # noqa: RUF012 - pydantic copies it
    """By ISO 639-1 code: languages whose queries another cross-encoder reads, as
    `zh = "models/mine-onnx"` or in sections `[reranker.models.zh]` with `cross_encoder`,
    `triton_model` and `weight`. All other settings are those of `[reranker]`."""
    rerank_window: Annotated[int, Field(ge=2, le=1000)] = 50
    """Fused candidates that are scored again. More: better order, slower; time grows with it."""
    weight: Annotated[float, Field(ge=0, le=1)] = 0.4
    """The cross-encoder's share of the mixed score; fusion has the rest. 0 leaves fusion's order, 1
    the cross-encoder's alone."""
    timeout_ms: PositiveInt = 800
    """A search waits no longer for the reranker, and less where `retrieval.deadline_ms` leaves
    less."""
    passage_fields: CommaSeparated = ("title", "product_type", "description")
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
    mixing_model: Path | None = None
    """What `shopkeeper reranker fit` wrote: mixes the window instead of `weight`. Business signals
    are added to it as to the usual mix."""
    business: BusinessSignals = BusinessSignals()
    """Signals besides relevance."""
    training: RerankerTrainingSettings = RerankerTrainingSettings()
    """How a model of one's own is trained."""

    @property
    def reorders(self) -> bool:
        """Whether anything here puts the rerank window in another order than fusion's."""
        learned = self.mixing_model is not None
        return self.kind is not RerankerKind.NONE or learned or self.business.are_on

    def of(self, code: str | None) -> "RerankerSettings":
        """Return the settings of one model: that of a language, or with `None` of all others."""
        return self if code is None else self.of_language(code)

    def of_language(self, code: str) -> "RerankerSettings":
        """Return the settings of the one model that reads a language's queries.

        Args:
            code: ISO 639-1; one that `models` does not have gets what an empty section would.
        """
        own = self.models.get(code, LanguageModelSettings())
        weighed = {} if own.weight is None else {"weight": own.weight, "mixing_model": None}
        return self.model_copy(
            update={
                "cross_encoder": own.cross_encoder,
                "triton_model": own.triton_model or f"{self.triton_model}_{code}",
                "languages": (),
                "models": {},
            }
            | weighed
        )
