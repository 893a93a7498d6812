"""Language models behind OpenAI-compatible endpoints: schema-checked, cached, bounded in cost.

The port is `search_core.LanguageModel`; the packages of the extra `llm` are loaded only where a
model is made.
"""

from language_models.answer_cache import AnswerCache, AnswerCacheSize
from language_models.conversation import Counts
from language_models.create_language_model import answer_cache, create_language_model
from language_models.endpoint_model import EndpointModel, ModelUse
from language_models.price_estimate import PriceEstimate, estimate_price
from language_models.spending import Usage

__all__ = [
    "AnswerCache",
    "AnswerCacheSize",
    "Counts",
    "EndpointModel",
    "ModelUse",
    "PriceEstimate",
    "Usage",
    "answer_cache",
    "create_language_model",
    "estimate_price",
]
