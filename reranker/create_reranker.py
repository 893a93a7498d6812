"""The reranker that the settings ask for."""

from artifacts import ArtifactStore
from reranker.cross_encoder import ScoringOptions
from reranker.cross_encoder_reranker import CrossEncoderReranker
from reranker.model_repository import ModelServer
from reranker.onnx_pair_scorer import OnnxPairScorer
from reranker.pair_scorer import PairScorer
from reranker.reranker import NoopReranker, Reranker
from reranker.serving_folder import serving_folder
from search_core.settings import RerankerKind, RerankerSettings

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
    settings: RerankerSettings, store: ArtifactStore, scorer: PairScorer | None = None
) -> Reranker:
    """Return the reranker that the settings ask for. Triton is not asked anything yet.

    Args:
        settings: kind, address, model.
        store: where the named models are kept, for a reranker in this process.
        scorer: of `create_pair_scorer`, to be shared with other rerankers; closing it is left to
            who made it. `None`: the reranker has one of its own.

    Raises:
        RerankerModelError: a model in this process does not load.
        ArtifactError: its files could not be had.
    """
    if settings.kind is RerankerKind.NONE:
        return NoopReranker()
    if scorer is not None:
        return CrossEncoderReranker(scorer, settings, closes_scorer=False)
    return CrossEncoderReranker(create_pair_scorer(settings, store), settings)


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
