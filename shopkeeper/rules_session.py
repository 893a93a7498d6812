"""One call of `shopkeeper rules propose`: synonyms found in a shop, and what each is worth."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from evaluation import (
    Interval,
    JudgedQuery,
    Judgments,
    Run,
    compare,
    measure_run,
    parse_measures,
    read_search_sessions,
    run_queries,
)
from query_understanding import (
    CatalogueSource,
    SearchStep,
    SynonymProposal,
    propose_synonyms,
)
from search_core import (
    ConfigurationError,
    LanguageModel,
    ProgressListener,
    TextEncoder,
    unit_texts,
)
from search_core.settings import Settings
from search_engine import description_of, physical_index, scan_products, translated_errors
from shopkeeper.composition import encoder_provider, language_model, search_engine_client
from shopkeeper.evaluated_systems import EvaluatedSystems, open_systems, run_cache

_TASK = "measuring proposals"
_FIELDS = ("title", "description")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalRequest:
    """Where synonyms are looked for, and against what they are measured."""

    index: str
    settings: Settings
    judgments: Judgments | None
    events: tuple[Path, ...]
    """Files of UBI queries and events; empty: nothing is known of what shoppers typed."""
    limit: int
    ask: bool = False
    """Whether the language model of `[llm]` is asked as well: names of kinds are sent to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredGain:
    """What a synonym does to the judged queries that have either word."""

    queries: int
    """Judged queries whose ranking it may change."""
    difference: float
    """Of the first of `evaluation.measures`, as the mean over those queries."""
    judged_only_difference: float
    interval: Interval
    """Of the difference; infinite for a single query."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredProposal:
    """A proposal, and what it is worth."""

    proposal: SynonymProposal
    gain: MeasuredGain | None
    """`None`: no judged query has either word, so that nobody can say."""


def propose(request: ProposalRequest, progress: ProgressListener) -> tuple[MeasuredProposal, ...]:
    """Find synonyms and measure them; the best gains first, then the best founded.

    Raises:
        IndexNotFoundError: there is no such index.
        EventLogError: a file of events cannot be used.
        EvaluationError: a query was not answered.
        ConfigurationError: a language model is to be asked, and none is set.
        LanguageModelError: the language model answered nothing.
        SearchEngineError: OpenSearch cannot be reached.
    """
    client = search_engine_client(request.settings)
    generation = physical_index(client, request.index)
    catalogue = CatalogueSource(client).catalogue(request.index)
    with _asked_model(request) as model:
        proposals = propose_synonyms(
            catalogue,
            _texts(scan_products(client, generation, _FIELDS)),
            steps=search_steps(request.events) if request.events else (),
            encoder=_encoder(client, generation, request.settings, progress),
            model=model,
            limit=request.limit,
        )
    gains = asyncio.run(_gains(request, proposals, progress))
    measured = [
        MeasuredProposal(proposal=each, gain=gains.get(place))
        for place, each in enumerate(proposals)
    ]
    return tuple(sorted(measured, key=_worth))


def _asked_model(request: ProposalRequest) -> AbstractContextManager[LanguageModel | None]:
    if not request.ask:
        return nullcontext()
    model = language_model(request.settings)
    if model is None:
        raise ConfigurationError(
            "a language model is to be asked, and none is set",
            remedy="set llm.base_url and llm.model, or leave out --ask",
        )
    return model


def search_steps(events: tuple[Path, ...]) -> tuple[SearchStep, ...]:
    """Return the searches of the logs, each session's in the order in which they were made.

    Raises:
        EventLogError: a file cannot be read, or has no searches.
    """
    return tuple(
        SearchStep(session=each.session, query=each.query, chosen=each.clicked)
        for each in read_search_sessions(events)
    )


def _worth(measured: MeasuredProposal) -> tuple[bool, float, float]:
    gain = measured.gain.difference if measured.gain else 0.0
    return gain < 0, -gain, -measured.proposal.strength


def _texts(documents: Any) -> Iterator[str]:  # noqa: ANN401 - stored fields of any index
    for document in documents:
        for field in _FIELDS:
            if document.get(field):
                yield str(document[field])


def _encoder(
    client: Any,  # noqa: ANN401 - the search engine's client
    generation: str,
    settings: Settings,
    progress: ProgressListener,
) -> TextEncoder | None:
    """Return the encoder of the index, which the shop has anyway; `None`: it has no vectors."""
    with translated_errors():
        (body,) = client.indices.get_mapping(index=generation).values()
    description = description_of(body["mappings"])
    if description is None or description.encoder is None:
        return None
    return encoder_provider(settings, progress)(description.encoder)


async def _gains(
    request: ProposalRequest, proposals: Sequence[SynonymProposal], progress: ProgressListener
) -> dict[int, MeasuredGain]:
    """Return the gain of each proposal that judged queries can measure, by its place."""
    judgments = request.judgments
    if judgments is None:
        return {}
    affected = {
        place: queries
        for place, proposal in enumerate(proposals)
        if (queries := _affected(proposal, judgments.measurable()))
    }
    gains: dict[int, MeasuredGain] = {}
    async with open_systems(request.index, progress) as systems:
        before = await run_queries(
            await systems.configured("as it is", request.settings),
            judgments.queries,
            depth=request.settings.evaluation.depth,
            cache=run_cache(request.settings),
            progress=progress,
        )
        progress.start(_TASK, len(affected), "proposals")
        for place, queries in affected.items():
            gains[place] = await _gain(
                systems, request, judgments.only(queries), before, proposals[place]
            )
            progress.advance(_TASK, 1)
        progress.finish(_TASK)
    return gains


async def _gain(
    systems: EvaluatedSystems,
    request: ProposalRequest,
    judgments: Judgments,
    before: Run,
    proposal: SynonymProposal,
) -> MeasuredGain:
    settings = request.settings
    rules = _rules_text(settings) + _as_rules(proposal)
    after = await run_queries(
        await systems.configured("with the synonym", settings, rules),
        judgments.queries,
        depth=settings.evaluation.depth,
    )
    measures = parse_measures(settings.evaluation.measures[:1])
    earlier = replace(
        before, answers={query.key: before.answers[query.key] for query in judgments.queries}
    )
    (comparison,) = compare(
        measure_run(earlier, judgments, measures),
        [measure_run(after, judgments, measures)],
        settings.evaluation,
    )
    plain, *condensed = comparison.measures
    return MeasuredGain(
        queries=len(judgments.queries),
        difference=plain.difference,
        judged_only_difference=condensed[0].difference if condensed else plain.difference,
        interval=plain.interval,
    )


def _rules_text(settings: Settings) -> str:
    path = settings.query_understanding.rules
    return "" if path is None else f"{path.read_text(encoding='utf-8-sig').rstrip()}\n\n"


def _as_rules(proposal: SynonymProposal) -> str:
    one, other = proposal.term, proposal.synonym
    return f"{one} =>\n  SYNONYM: {other}\n{other} =>\n  SYNONYM: {one}\n"


def _affected(proposal: SynonymProposal, queries: Sequence[JudgedQuery]) -> tuple[JudgedQuery, ...]:
    phrases = [unit_texts(proposal.term), unit_texts(proposal.synonym)]
    return tuple(
        query
        for query in queries
        if any(_has(unit_texts(query.text), phrase) for phrase in phrases)
    )


def _has(words: Sequence[str], phrase: Sequence[str]) -> bool:
    return any(
        list(words[place : place + len(phrase)]) == list(phrase)
        for place in range(len(words) - len(phrase) + 1)
    )
