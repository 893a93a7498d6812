"""The reranker that the settings ask for."""

from artifacts import ArtifactStore
from reranker.cross_encoder import ScoringOptions
from reranker.cross_encoder_reranker import CrossEncoderReranker
from reranker.model_repository import ModelServer
from reranker.named_cross_encoders import cross_encoder_folder
from reranker.onnx_pair_scorer import OnnxPairScorer
from reranker.pair_scorer import PairScorer
from reranker.reranker import NoopReranker, Reranker
from search_core.settings import RerankerKind, RerankerSettings


def create_reranker(settings: RerankerSettings, store: ArtifactStore) -> Reranker:
    """Return the reranker that the settings ask for. Triton is not asked anything yet.

    Args:
        settings: kind, address, model.
        store: where the named models are kept, for a reranker in this process.

    Raises:
        RerankerModelError: a model in this process does not load.
        ArtifactError: its files could not be had.
    """
    if settings.kind is RerankerKind.NONE:
        return NoopReranker()
    scorer: PairScorer
    if settings.kind is RerankerKind.TRITON:
        # gRPC takes a fifth of a second to import, which no other kind needs.
        from reranker.triton_pair_scorer import TritonPairScorer  # noqa: PLC0415

        scorer = TritonPairScorer(
            settings.url, settings.triton_model, pairs_per_request=settings.pairs_per_request
        )
    else:
        scorer = OnnxPairScorer.load(
            cross_encoder_folder(settings.cross_encoder, store),
            ScoringOptions(max_tokens=settings.max_tokens, threads=settings.threads),
        )
    return CrossEncoderReranker(scorer, settings)


def connect_model_server(url: str) -> ModelServer:
    """Return a running Triton that can be told to load models.

    Args:
        url: host and port of its gRPC service.
    """
    from reranker.triton_model_server import TritonModelServer  # noqa: PLC0415 - as above

    return TritonModelServer(url)
