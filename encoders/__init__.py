"""Texts to vectors: named and own models in this process, and vectors kept on disk."""

from encoders.cached_text_encoder import CachedTextEncoder, CacheStatistics
from encoders.create_text_encoder import (
    LoadedModels,
    check_identity,
    create_text_encoder,
    encoder_for_model_id,
    onnx_model_files,
    passage_encoder_for_model_id,
)
from encoders.model_files import OnnxModelFiles, Pooling
from encoders.model_pair_encoder import ModelPairEncoder
from encoders.model_registry import (
    MODEL_PAIRS,
    NAMED_MODELS,
    Architecture,
    NamedModel,
    model_for_languages,
)
from encoders.onnx_model import ONNX_RUNTIME_ERRORS
from encoders.onnx_text_encoder import OnnxTextEncoder
from encoders.use_text_encoder import UseTextEncoder
from encoders.vector_cache import VectorCache, VectorCacheSize, vector_key

__all__ = [
    "MODEL_PAIRS",
    "NAMED_MODELS",
    "ONNX_RUNTIME_ERRORS",
    "Architecture",
    "CacheStatistics",
    "CachedTextEncoder",
    "LoadedModels",
    "ModelPairEncoder",
    "NamedModel",
    "OnnxModelFiles",
    "OnnxTextEncoder",
    "Pooling",
    "UseTextEncoder",
    "VectorCache",
    "VectorCacheSize",
    "check_identity",
    "create_text_encoder",
    "encoder_for_model_id",
    "model_for_languages",
    "onnx_model_files",
    "passage_encoder_for_model_id",
    "vector_key",
]
