"""One call of `shopkeeper reranker train`: the catalogue, what competes, the training."""

import asyncio
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from evaluation import Judgments
from model_training import require_training_extra
from reranker import ScoringOptions, can_read, load_cross_encoder, passage_of, serving_folder
from reranker.training import (
    GROUPS_FILE,
    TRAINING_FIELDS,
    CandidateFinder,
    JudgedProducts,
    KindAgreement,
    ShopTexts,
    Teacher,
    TrainedModel,
    TrainingCatalogue,
    TrainingGroup,
    generate_queries,
    groups_from_catalogue,
    groups_from_judgments,
    product_kinds,
    read_groups,
    read_training_catalogue,
    readable_teacher,
    start_languages,
    train_cross_encoder,
    training_start,
    write_groups,
)
from search_core import ProgressListener, QueryPlan, RerankerTrainingError, SilentProgress
from search_core.settings import RerankerKind, Settings
from search_engine import description_of, physical_index, scan_products, translated_errors
from shopkeeper.composition import (
    artifact_store,
    open_retriever,
    query_understanding,
    search_engine_client,
)
from shopkeeper.translated_queries import groups_in_other_words, open_translator

_REQUEST_FILE = "training.json"
_MAY_CHANGE = {"epochs", "patience", "threads"}
"""Settings with which a training may be gone on."""
_PATIENCE_MS = 60_000
_AT_ONCE = 8
_TEACHER_PAIRS = 1_024
"""Pairs between two signs of progress."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingRequest:
    """What is trained on, and where the model goes."""

    index: str
    target: Path
    """Folder of the model; a training that was cut off goes on there."""
    judgments: Judgments | None = None
    """Grades to learn from; `None`: none."""
    from_catalogue: bool = True
    """Whether queries are generated from the catalogue."""


def train_reranker(
    request: TrainingRequest, settings: Settings, progress: ProgressListener | None = None
) -> TrainedModel:
    """Train a cross-encoder on the catalogue of an index, and on judgments where there are some.

    Raises:
        RerankerTrainingError: the extra `train` is missing, there is too little to learn from, or
            the folder has a training on other data.
        RerankerModelError: the teacher does not load.
        IndexNotFoundError: there is no such index.
        SearchEngineError: OpenSearch cannot be reached.
    """
    require_training_extra()
    listener = progress or SilentProgress()
    request.target.mkdir(parents=True, exist_ok=True)
    _claim(request, settings)
    path = request.target / GROUPS_FILE
    start = training_start(settings.reranker.training.start, artifact_store(settings, listener))
    if path.is_file():
        groups = read_groups(path)
    else:
        groups = training_groups(request, settings, listener, start_languages(start))
        partial = path.with_suffix(".partial")
        write_groups(groups, partial)
        partial.rename(path)
    return train_cross_encoder(
        groups,
        start,
        request.target,
        settings.reranker.training,
        listener,
        shop=_shop_texts(request, settings),
    )


def _shop_texts(request: TrainingRequest, settings: Settings) -> ShopTexts:
    """Return what the index says of languages, and what is tokenised where pieces are left out."""
    client = search_engine_client(settings)
    texts: tuple[str, ...] = ()
    if settings.reranker.training.vocabulary_pieces:
        judged = () if request.judgments is None else judged_products(request.judgments, ())
        fields = ("title", *settings.reranker.passage_fields)
        products = scan_products(client, request.index, tuple(dict.fromkeys(fields)))
        texts = (
            *(passage_of(document, settings.reranker) for document in products),
            *(each.query for each in judged),
        )
    return ShopTexts(languages=_languages(request, settings), texts=texts)


def _languages(request: TrainingRequest, settings: Settings) -> tuple[str, ...]:
    """Return those of the index; empty: it does not say."""
    client = search_engine_client(settings)
    with translated_errors():
        (body,) = client.indices.get_mapping(index=request.index).values()
    description = description_of(body["mappings"])
    return () if description is None else description.languages


def training_groups(
    request: TrainingRequest,
    settings: Settings,
    progress: ProgressListener,
    languages: Sequence[str] = (),
) -> tuple[TrainingGroup, ...]:
    """Return what is learned from: judged queries, and queries made from the catalogue.

    Args:
        request: the index, and judgments.
        settings: of search and training.
        progress: told of what is done.
        languages: ISO 639-1 codes of the start, which learns nothing from judged queries in other
            letters; empty: it reads all.

    Raises:
        RerankerModelError: the teacher does not load.
        RerankerTrainingError: queries are to be translated, and there is no language model.
        IndexNotFoundError: there is no such index.
        SearchEngineError: OpenSearch cannot be reached.
    """
    training = settings.reranker.training
    if training.back_translation:
        # Before the work that comes first, which takes minutes.
        open_translator(settings).close()
    catalogue = training_catalogue(request.index, settings)
    groups: tuple[TrainingGroup, ...] = ()
    if request.judgments is not None:
        judged = judged_products(request.judgments, languages)
        groups += groups_from_judgments(judged, catalogue, training)
    if request.from_catalogue:
        agreement = KindAgreement(catalogue, training.seed)
        kinds = agreement.cohesive(product_kinds(catalogue.products))
        queries = generate_queries(
            catalogue.products, kinds, most=training.queries, seed=training.seed
        )
        generated = groups_from_catalogue(
            queries,
            catalogue,
            agreement,
            _finder(request.index, settings, progress),
            _teacher(settings, progress),
            training,
        )
        groups += (
            *generated,
            *groups_in_other_words(generated, _languages(request, settings), settings),
        )
    return groups


def training_catalogue(index: str, settings: Settings) -> TrainingCatalogue:
    """Return the products of an index, as training sees them.

    Raises:
        IndexNotFoundError: there is no such index.
        SearchEngineError: OpenSearch cannot be reached.
    """
    fields = (*TRAINING_FIELDS, *settings.reranker.passage_fields)
    documents = scan_products(search_engine_client(settings), index, tuple(dict.fromkeys(fields)))
    return read_training_catalogue(documents, settings.reranker)


def _claim(request: TrainingRequest, settings: Settings) -> None:
    """Note what the folder's training is on; refuse to go on with something else.

    Before there is anything to learn from nothing can be mixed: a mistyped index or start, which
    ends a training there, costs no folder.

    Raises:
        RerankerTrainingError: it was on something else.
    """
    path = request.target / _REQUEST_FILE
    asked = json.dumps(_identity(request, settings), indent=2, sort_keys=True)
    if not path.is_file() or not (request.target / GROUPS_FILE).is_file():
        path.write_text(asked, encoding="utf-8")
    elif path.read_text(encoding="utf-8") != asked:
        raise RerankerTrainingError(
            f"{request.target} has a training on another index, other judgments or with other "
            "settings",
            remedy=f"name another folder, or delete this one; {path.name} in it says on what",
        )


def _identity(request: TrainingRequest, settings: Settings) -> dict[str, object]:
    judged = None
    if request.judgments is not None:
        text = json.dumps({key: dict(each) for key, each in request.judgments.qrels.items()})
        judged = hashlib.sha256(text.encode()).hexdigest()[:12]
    section = settings.reranker
    return {
        "index": request.index,
        "judgments": judged,
        "catalogue": request.from_catalogue,
        "passages": [section.passage_fields, section.passage_field_chars],
        "settings": section.training.model_dump(mode="json", exclude=_MAY_CHANGE),
    }


def judged_products(judgments: Judgments, languages: Sequence[str]) -> list[JudgedProducts]:
    """Return the judged queries that have grades and are in letters that a start reads.

    Args:
        judgments: of all queries.
        languages: ISO 639-1 codes of the start; empty: it reads all.
    """
    return [
        JudgedProducts(query=query.text, grades=judgments.qrels[query.key])
        for query in judgments.queries
        if query.key in judgments.qrels and can_read(languages, query.text, None)
    ]


def _finder(index: str, settings: Settings, progress: ProgressListener) -> CandidateFinder:
    """Return the present search without its reranker, several queries at once."""
    patient = settings.model_copy(
        update={
            "reranker": settings.reranker.model_copy(update={"kind": RerankerKind.NONE}),
            "retrieval": settings.retrieval.model_copy(update={"deadline_ms": _PATIENCE_MS}),
        }
    )
    generation = physical_index(search_engine_client(settings), index)

    def find(queries: Sequence[str]) -> Sequence[Sequence[str]]:
        return asyncio.run(_found(queries, generation, patient, progress))

    return find


async def _found(
    queries: Sequence[str], generation: str, settings: Settings, progress: ProgressListener
) -> list[tuple[str, ...]]:
    understanding = query_understanding(settings)
    permits = asyncio.Semaphore(_AT_ONCE)
    task = "searching what competes"
    progress.start(task, len(queries), "queries")
    async with open_retriever(settings, progress) as retriever:
        await retriever.warm_up(generation)

        async def answered(text: str) -> tuple[str, ...]:
            async with permits:
                plan = QueryPlan.plain(text)
                if understanding is not None:
                    plan = await understanding.plan(generation, text)
                ids = await retriever.rank(generation, plan)
            progress.advance(task, 1)
            return ids

        found = await asyncio.gather(*(answered(each) for each in queries))
    progress.finish(task)
    return list(found)


def _teacher(settings: Settings, progress: ProgressListener) -> Teacher | None:
    training = settings.reranker.training
    if not training.teacher:
        return None
    folder = serving_folder(training.teacher, artifact_store(settings, progress))
    options = ScoringOptions(max_tokens=training.max_tokens, threads=training.threads)
    model = load_cross_encoder(folder, options)

    def score(pairs: Sequence[tuple[str, str]]) -> list[float]:
        task = "asking the teacher"
        progress.start(task, len(pairs), "pairs")
        logits: list[float] = []
        for start in range(0, len(pairs), _TEACHER_PAIRS):
            part = model.score(pairs[start : start + _TEACHER_PAIRS])
            logits += part.tolist()
            progress.advance(task, len(part))
        progress.finish(task)
        return logits

    return readable_teacher(model.languages, score)
