"""From settings to a language model, or to none."""

from pathlib import Path

from language_models.answer_cache import AnswerCache
from language_models.endpoint_model import EndpointModel
from search_core.settings import LlmSettings

_FOLDER = "language_model_answers"


def answer_cache(settings: LlmSettings, cache_dir: Path) -> AnswerCache:
    """Return the cache of answers, whether or not there is a model."""
    return AnswerCache(cache_dir / _FOLDER, settings.cache_max_bytes)


def create_language_model(settings: LlmSettings, cache_dir: Path) -> EndpointModel | None:
    """Return the language model that is set, or `None` where `llm.base_url` is not.

    Raises:
        ConfigurationError: the extra `llm` is not installed.
    """
    if settings.base_url is None:
        return None
    return EndpointModel(settings, answer_cache(settings, cache_dir))
