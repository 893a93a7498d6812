"""A cross-encoder over the fused candidates: served by Triton, in this process, or not at all."""

from reranker.create_reranker import (
    ScorerSource,
    connect_model_server,
    create_pair_scorer,
    create_reranker,
    scorer_key,
)
from reranker.cross_encoder import ScoringOptions
from reranker.cross_encoder_reranker import BLANK_LOGIT, CrossEncoderReranker
from reranker.language_guard import can_read, model_language
from reranker.model_ids import is_among, joined_ids
from reranker.model_repository import ModelRepository, ModelServer, PublishedVersion
from reranker.named_cross_encoders import (
    NAMED_CROSS_ENCODERS,
    NamedCrossEncoder,
    cross_encoder_folder,
)
from reranker.onnx_pair_scorer import load_cross_encoder
from reranker.pair_scorer import Pair, PairScorer, PairScores, ScorerIdentity
from reranker.passage import passage_of
from reranker.publish_cross_encoder import check_cross_encoder, publish_cross_encoder
from reranker.publish_text_encoder import publish_text_encoder
from reranker.rerank_documents import (
    RerankAnswer,
    RerankRequest,
    RerankResult,
    rerank_documents,
)
from reranker.reranker import (
    ModelState,
    NoopReranker,
    NotReranked,
    Reranked,
    Reranker,
    RerankOutcome,
)
from reranker.routed_reranker import RoutedReranker
from reranker.serving_folder import serving_folder

__all__ = [
    "BLANK_LOGIT",
    "NAMED_CROSS_ENCODERS",
    "CrossEncoderReranker",
    "ModelRepository",
    "ModelServer",
    "ModelState",
    "NamedCrossEncoder",
    "NoopReranker",
    "NotReranked",
    "Pair",
    "PairScorer",
    "PairScores",
    "PublishedVersion",
    "RerankAnswer",
    "RerankOutcome",
    "RerankRequest",
    "RerankResult",
    "Reranked",
    "Reranker",
    "RoutedReranker",
    "ScorerIdentity",
    "ScorerSource",
    "ScoringOptions",
    "can_read",
    "check_cross_encoder",
    "connect_model_server",
    "create_pair_scorer",
    "create_reranker",
    "cross_encoder_folder",
    "is_among",
    "joined_ids",
    "load_cross_encoder",
    "model_language",
    "passage_of",
    "publish_cross_encoder",
    "publish_text_encoder",
    "rerank_documents",
    "scorer_key",
    "serving_folder",
]
