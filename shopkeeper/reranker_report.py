"""What reorders the rerank window, and how it is: for `shopkeeper status`."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from reranker import NAMED_CROSS_ENCODERS, ModelState, is_among
from search_core import RerankerError
from search_core.settings import RerankerKind, RerankerSettings, Settings
from shopkeeper.composition import mixing_model, open_reranker, reranker_settings
from shopkeeper.learned_conditions import mixing_warnings

if TYPE_CHECKING:
    from reranker.mixing import MixingModel

_ASKING_SECONDS = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedModel:
    """A cross-encoder that the settings name."""

    language: str | None
    """ISO 639-1 of the language whose queries it reads; `None`: those of all others."""
    name: str
    """In Triton's repository; for one in this process what `cross_encoder` names."""
    weight: float
    """Its share of the mixed score, where no learned mixing takes its place."""
    model_id: str | None = None
    """Name and content, as it says itself; `None`: it was not asked, or does not answer."""
    answers: bool | None = None
    """Whether it scored just now; `None`: it is not asked, since each process loads its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedMixing:
    """The learned mixing that the settings name."""

    file: str
    queries: int
    """That it was learned from."""
    in_use: bool
    """False: it mixes a cross-encoder's scores, and there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RerankerReport:
    """What reorders the rerank window."""

    kind: RerankerKind
    url: str | None
    """Of Triton; `None`: it is not asked."""
    models: tuple[ReportedModel, ...]
    mixing: ReportedMixing | None
    warnings: tuple[str, ...]
    """What an operator should look at, in sentences."""


def describe_reranker(settings: Settings) -> RerankerReport | None:
    """Have every cross-encoder of Triton score once; `None`: nothing reorders the window."""
    section = reranker_settings(settings)
    if not section.reorders:
        return None
    asks = section.kind is RerankerKind.TRITON
    states = asyncio.run(_states(settings)) if asks else ()
    mixing, failures = _mixing(settings)
    return RerankerReport(
        kind=section.kind,
        url=section.url if asks else None,
        models=tuple(_models(section, states)),
        mixing=None
        if mixing is None
        else ReportedMixing(
            file=str(section.mixing_model), queries=mixing.queries, in_use=_is_used(mixing, section)
        ),
        warnings=(*failures, *_warnings(mixing, settings, section, states)),
    )


async def _states(settings: Settings) -> tuple[ModelState, ...]:
    async with open_reranker(settings) as reranker:
        with suppress(RerankerError):  # the states say which of them answered
            await reranker.model_id(_ASKING_SECONDS)
        return reranker.states


def _mixing(settings: Settings) -> tuple["MixingModel | None", tuple[str, ...]]:
    """Return the learned mixing, and why it cannot be read."""
    try:
        return mixing_model(settings), ()
    except RerankerError as error:
        return None, (error.message,)


def _is_used(mixing: "MixingModel", section: RerankerSettings) -> bool:
    return not mixing.reads or section.kind is not RerankerKind.NONE


def _models(section: RerankerSettings, states: tuple[ModelState, ...]) -> Iterator[ReportedModel]:
    if section.kind is RerankerKind.NONE:
        return
    by_language = {each.language: each for each in states}
    for language in (None, *section.models):
        own, state = section.of(language), by_language.get(language)
        yield ReportedModel(
            language=language,
            name=own.cross_encoder if state is None else own.triton_model,
            weight=own.weight,
            model_id=None if state is None else state.model_id,
            answers=None if state is None else state.model_id is not None,
        )


def _warnings(
    mixing: "MixingModel | None",
    settings: Settings,
    section: RerankerSettings,
    states: tuple[ModelState, ...],
) -> Iterator[str]:
    if section.kind is RerankerKind.ONNX:
        yield from _missing(section)
    for state in states:
        if state.model_id is None:
            whose = "all others" if state.language is None else state.language
            yield f"the cross-encoder of {whose} does not answer: fusion's order stays"
        if state.misplaced:
            yield (
                f"the cross-encoder {state.model_id} is set for {state.language}, but its card "
                f"names {', '.join(state.languages)}: it reads no query"
            )
    if mixing is None:
        return
    if not _is_used(mixing, section):
        yield "the mixing is not used: it mixes a cross-encoder's scores, and there is none"
        return
    yield from mixing_warnings(mixing, settings)
    learned_from = mixing.cross_encoder
    for model_id in _mixed_by_it(section, states):
        if learned_from and not is_among(model_id, learned_from):
            yield f"the mixing was learned from the logits of {learned_from}; now {model_id} reads"


def _mixed_by_it(section: RerankerSettings, states: tuple[ModelState, ...]) -> Iterator[str]:
    """Yield the models that answered and are not mixed by a weight of their language."""
    for state in states:
        weighed = state.language is not None and section.models[state.language].weight is not None
        if state.model_id is not None and not weighed:
            yield state.model_id


def _missing(section: RerankerSettings) -> Iterator[str]:
    for language in (None, *section.models):
        name = section.of(language).cross_encoder
        if not name or (name not in NAMED_CROSS_ENCODERS and not Path(name).is_dir()):
            own = "" if language is None else f"models.{language}."
            yield f"reranker.{own}cross_encoder: there is no cross-encoder {name!r}"
