"""Training queries in other words, by the language model that is set."""

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING

from reranker.training import BackTranslation, TrainingGroup, back_translated
from search_core import RerankerTrainingError
from search_core.settings import Settings
from shopkeeper.composition import language_model

if TYPE_CHECKING:
    from language_models import EndpointModel

_logger = logging.getLogger(__name__)


def open_translator(settings: Settings) -> "EndpointModel":
    """Return the language model. Whoever asks for it closes it.

    Raises:
        RerankerTrainingError: none is set.
        ConfigurationError: the extra `llm` is not installed.
    """
    model = language_model(settings)
    if model is None:
        raise RerankerTrainingError(
            "reranker.training.back_translation needs a language model, and none is set",
            remedy="set llm.base_url and llm.model, or leave back_translation empty",
        )
    return model


def groups_in_other_words(
    groups: Sequence[TrainingGroup], languages: tuple[str, ...], settings: Settings
) -> tuple[TrainingGroup, ...]:
    """Return groups to be added; empty where `back_translation` is.

    Args:
        groups: made from the catalogue.
        languages: ISO 639-1 codes of the catalogue, in which translations are queries too.
        settings: `[reranker.training]` and `[llm]`.

    Raises:
        RerankerTrainingError: no language model is set.
        ConfigurationError: the extra `llm` is not installed.
    """
    training = settings.reranker.training
    if not training.back_translation:
        return ()
    wanted = BackTranslation(
        languages=training.back_translation,
        share=training.back_translation_share,
        keep_translations=languages,
        seed=training.seed,
    )
    with open_translator(settings) as model:
        came = back_translated(groups, model, wanted)
    _logger.info(
        "queries_back_translated asked=%d unanswered=%d added=%d",
        came.asked,
        came.unanswered,
        len(came.groups),
    )
    return came.groups
