"""The reranker with its models, and learned mixing."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from search_core import ProgressListener
from search_core.settings import RerankerKind, RerankerSettings, Settings
from shopkeeper.composition.local_files import artifact_store

if TYPE_CHECKING:
    from reranker import ModelRepository, Reranker, ScorerSource
    from reranker.mixing import MixingModel

_logger = logging.getLogger(__name__)


def reranker_settings(settings: Settings) -> RerankerSettings:
    """Return how the reranker is reached: as set, else the local Triton where one runs."""
    from shopkeeper.local_stack import running_triton  # noqa: PLC0415 - loads the whole local stack

    section = settings.reranker
    if section.kind is not RerankerKind.TRITON or "url" in section.model_fields_set:
        return section
    triton = running_triton(settings.local_stack)
    return section if triton is None else section.model_copy(update={"url": triton.url})


def model_repository(settings: Settings) -> "ModelRepository":
    """Return Triton's model repository: as set, else in the local stack's data folder."""
    from reranker import ModelRepository  # noqa: PLC0415 - loads ONNX Runtime
    from shopkeeper.local_stack import TritonFolder  # noqa: PLC0415

    chosen = settings.reranker.repository
    return ModelRepository(chosen or TritonFolder.of(settings.local_stack).models)


@asynccontextmanager
async def open_reranker(
    settings: Settings,
    progress: ProgressListener | None = None,
    scorers: "ScorerSource | None" = None,
) -> "AsyncIterator[Reranker]":
    """Yield the reranker that is set inside the running event loop, and close it afterwards.

    Args:
        settings: all of them.
        progress: told of downloads.
        scorers: gives those that are shared, and not closed; `None`: the models are loaded.
    """
    from reranker import create_reranker  # noqa: PLC0415 - loads ONNX Runtime

    store = artifact_store(settings, progress)
    reranker = create_reranker(reranker_settings(settings), store, scorers)
    try:
        yield reranker
    finally:
        await reranker.close()


def mixing_model(settings: Settings) -> "MixingModel | None":
    """Return the learned mixing that is set, or `None`.

    Raises:
        RerankerModelError: its file is missing or broken.
    """
    from reranker.mixing import read_mixing_model  # noqa: PLC0415 - loads numpy

    path = settings.reranker.mixing_model
    return None if path is None else read_mixing_model(path)


def usable_mixing(mixing: "MixingModel | None", settings: Settings) -> "MixingModel | None":
    """Return learned mixing, unless nothing gives what it mixes.

    What it was learned under and is otherwise now is logged: it stays in use, since it looks at
    places within the window, but is no longer what was proven.
    """
    if mixing is None:
        return None
    if not mixing.reads or settings.reranker.kind is not RerankerKind.NONE:
        from shopkeeper.learned_conditions import changed_conditions  # noqa: PLC0415

        changed = changed_conditions(mixing, settings)
        if changed:
            _logger.warning(
                "mixing_learned_under_other_settings mixing=%s changed=%s remedy=%s",
                mixing.digest,
                "; ".join(changed),
                "learn it again: shopkeeper reranker fit JUDGMENTS",
            )
        return mixing
    _logger.warning(
        "mixing_model_not_used: it mixes a cross-encoder's scores, and reranker.kind is none"
    )
    return None
