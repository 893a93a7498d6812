"""One call of `shopkeeper reranker gate`: the search with a model against the search without."""

from dataclasses import dataclass, replace
from pathlib import Path

from evaluation import Judgments
from reranker import PublishedVersion, check_cross_encoder
from reranker.training import query_families, trained_queries
from search_core import ConfigurationError, ProgressListener
from shopkeeper.configuration import load_settings
from shopkeeper.evaluation_session import EvaluationRequest, EvaluationResult, evaluate_systems
from shopkeeper.queries_of_language import queries_of_language
from shopkeeper.served_models import publish_for
from shopkeeper.setting_overrides import resolved_overrides


@dataclass(frozen=True, slots=True, kw_only=True)
class GateRequest:
    """Which model, measured on what."""

    exported: Path
    judgments: Judgments
    index: str = "products"
    config: Path | None = None
    """Settings of the baseline; `None`: the usual ones."""
    overrides: tuple[str, ...] = ()
    """`SETTING=VALUE` of the candidate, besides its model."""
    publish: bool = False
    language: str | None = None
    """ISO 639-1 of the language whose own model it is to be: its queries alone are judged; `None`:
    it is to be the model of all others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GateOutcome:
    """What came out."""

    result: EvaluationResult
    published: PublishedVersion | None
    """`None`: it did not pass, or was not to be published."""


def gate_reranker(request: GateRequest, progress: ProgressListener | None = None) -> GateOutcome:
    """Measure the model's worth, and publish it if it passes and is to be.

    Raises:
        RerankerModelError: the folder holds no cross-encoder that works.
        ConfigurationError: wrong settings, or the model was trained on every kind of judged
            query.
        EvaluationError: judgments that cannot be used.
        SearchEngineError: OpenSearch cannot be reached.
    """
    check_cross_encoder(request.exported)
    known = trained_queries(request.exported)
    asked = _asked_of_it(request)
    judgments = _without(asked, known)
    result = evaluate_systems(
        EvaluationRequest(
            judgments=judgments,
            index=request.index,
            files=() if request.config is None else (request.config,),
            overrides=(
                "reranker.kind=onnx",
                f"{_model_setting(request.language)}={request.exported}",
                *request.overrides,
            ),
            gate=True,
        ),
        progress,
    )
    left_out = len(asked.queries) - len(judgments.queries)
    if left_out:
        told = (
            f"{left_out} judged queries were left out, since the model was trained on them or on "
            "others for the same kind of product"
        )
        result = replace(result, notes=(*result.notes, told))
    if request.language is not None:
        told = f"judged by the {len(judgments.queries)} queries of the language {request.language}"
        result = replace(result, notes=(*result.notes, told))
    passed = result.verdict is not None and result.verdict.passed
    published = _published(request) if passed and request.publish else None
    return GateOutcome(result=result, published=published)


def _asked_of_it(request: GateRequest) -> Judgments:
    """Return the judged queries that a search would give to the model."""
    if request.language is None:
        return request.judgments
    settings = load_settings(request.config, resolved_overrides(request.overrides))
    return queries_of_language(request.judgments, request.language, request.index, settings)


def _model_setting(language: str | None) -> str:
    own = "" if language is None else f"models.{language}."
    return f"reranker.{own}cross_encoder"


def _without(judgments: Judgments, known: frozenset[str]) -> Judgments:
    """Leave out the families of what is known: `shelf` teaches `oak shelf`."""
    families = query_families([*(each.text for each in judgments.queries), *known])
    seen = {families[each] for each in known}
    kept = tuple(each for each in judgments.queries if families[each.text] not in seen)
    if not kept:
        raise ConfigurationError(
            "the model was trained on every judged query, or on others for its kind of product",
            remedy="judge queries for other kinds of product, or train with some held out",
        )
    return replace(
        judgments,
        queries=kept,
        qrels={each.key: judgments.qrels[each.key] for each in kept if each.key in judgments.qrels},
    )


def _published(request: GateRequest) -> PublishedVersion:
    settings = load_settings(request.config, {})
    return publish_for(request.language, request.exported, settings)
