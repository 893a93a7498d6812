"""The reranker that the settings ask for."""

from collections.abc import Callable

from artifacts import ArtifactStore
from reranker.cross_encoder import ScoringOptions
from reranker.cross_encoder_reranker import CrossEncoderReranker
from reranker.lazy_pair_scorer import LazyPairScorer
from reranker.model_repository import ModelServer
from reranker.onnx_pair_scorer import OnnxPairScorer
from reranker.pair_scorer import PairScorer
from reranker.reranker import NoopReranker, Reranker
from reranker.routed_reranker import RoutedReranker
from reranker.score_cache import ScoreCache
from reranker.serving_folder import serving_folder
from search_core import RerankerModelError
from search_core.settings import RerankerKind, RerankerSettings

ScorerSource = Callable[[RerankerSettings], PairScorer]
"""Settings of one model → what scores with it, shared with other rerankers and closed by who made
it."""

_OF_THE_SCORER = (
    "kind",
    "url",
    "triton_model",
    "pairs_per_request",
    "cross_encoder",
    "max_tokens",
    "threads",
)


def create_reranker(
    settings: RerankerSettings, store: ArtifactStore, scorers: ScorerSource | None = None
) -> Reranker:
    """Return the reranker that the settings ask for. Triton is not asked anything yet.

    The models of single languages (`settings.models`) are loaded when a query needs them: what is
    wrong with one costs its own language's queries their scores, and no others.

    Args:
        settings: kind, address, models.
        store: where the named models are kept, for a reranker in this process.
        scorers: gives scorers that are shared with other rerankers, those of single languages at
            once; `None`: the reranker has its own.

    Raises:
        RerankerModelError: a model in this process does not load.
        ArtifactError: its files could not be had.
    """
    if settings.kind is RerankerKind.NONE:
        return NoopReranker()
    cache = ScoreCache(settings.cached_scores)

    def reads(section: RerankerSettings, scorer: PairScorer) -> CrossEncoderReranker:
        return CrossEncoderReranker(scorer, section, closes_scorer=scorers is None, cache=cache)

    others = reads(settings, scorers(settings) if scorers else create_pair_scorer(settings, store))
    if not settings.models:
        return others
    by_language = {}
    for code in settings.models:
        section = settings.of_language(code)
        scorer = scorers(section) if scorers else _once_needed(code, section, store)
        by_language[code] = reads(section, scorer)
    return RoutedReranker(others, by_language)


def _once_needed(code: str, settings: RerankerSettings, store: ArtifactStore) -> PairScorer:
    """Return a scorer that loads a model in this process when it is asked for the first time."""
    if settings.kind is not RerankerKind.ONNX:
        return create_pair_scorer(settings, store)
    name = f"the cross-encoder of {code}"
    return LazyPairScorer(lambda: create_pair_scorer(settings, store), name)


def create_pair_scorer(settings: RerankerSettings, store: ArtifactStore) -> PairScorer:
    """Return what computes scores, by Triton or with a model in this process.

    Args:
        settings: see `scorer_key` for those that it depends on; `kind` is not `none`.
        store: where the named models are kept.

    Raises:
        RerankerModelError: a model in this process does not load.
        ArtifactError: its files could not be had.
    """
    if settings.kind is RerankerKind.TRITON:
        # gRPC takes a fifth of a second to import, which no other kind needs.
        from reranker.triton_pair_scorer import TritonPairScorer  # noqa: PLC0415

        return TritonPairScorer(
            settings.url, settings.triton_model, pairs_per_request=settings.pairs_per_request
        )
    if not settings.cross_encoder:
        raise RerankerModelError(
            "no cross-encoder is named to be loaded in this process",
            remedy="name one, or the folder of one, as cross_encoder of the language in "
            "[reranker.models]",
        )
    return OnnxPairScorer.load(
        serving_folder(settings.cross_encoder, store),
        ScoringOptions(max_tokens=settings.max_tokens, threads=settings.threads),
    )


def scorer_key(settings: RerankerSettings) -> str:
    """Return the same text for settings whose rerankers may share a scorer."""
    return repr([getattr(settings, name) for name in _OF_THE_SCORER])


def connect_model_server(url: str) -> ModelServer:
    """Return a running Triton that can be told to load models.

    Args:
        url: host and port of its gRPC service.
    """
    from reranker.triton_model_server import TritonModelServer  # noqa: PLC0415 - as above

    return TritonModelServer(url)
