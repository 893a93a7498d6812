"""Tags and vectors from real Ray workers: what is indexed is the same as by the local runner."""

import logging
import os
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from threading import Lock

import pytest
import ray

from encoders.testing import HashingTextEncoder
from indexer import (
    CategoryPlacer,
    LlmTags,
    ReindexRequest,
    ReindexTools,
    RemadeGenerator,
    StayingGenerator,
    TaxonomyTags,
    read_taxonomy,
    reindex,
)
from indexer.ray_runner import ChunkWork, RayPreparation
from search_core import (
    EncoderUnavailableError,
    LanguageModelBudgetError,
    RunnerError,
    SilentProgress,
)
from search_core.settings import IndexerSettings, RaySettings, VectorCompression
from search_engine import scan_products

# Ray warns of its own deprecated options while it starts.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")

# Two workers and several chunks each: their order would show if it were not kept.
RAY = RaySettings(workers=2, cpus_per_worker=0.5)
SETTINGS = IndexerSettings(chunk_products=50, ray=RAY)
ROWS = [
    {
        "id": f"p{number}",
        "title": f"Lamp {number} with {number % 7} bulbs",
        "description": "A desk lamp for reading. Cable 150 cm, also called reading light.",
        "brand": "Lumo",
        "category": ["Home", "Lamps"],
    }
    for number in range(400)
]


@pytest.fixture(scope="module", autouse=True)
def cluster() -> Iterator[None]:
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, logging_level=logging.ERROR)
    yield
    ray.shutdown()


def load(missing, identity):
    if missing:
        raise EncoderUnavailableError("the model is not on this worker", remedy="copy it there")
    encoder = HashingTextEncoder()
    assert encoder.identity == identity
    return encoder


def on_ray(identity, tagger, compression, *, missing=False):
    work = ChunkWork(
        identity=identity,
        encoder_of=partial(load, missing),
        tagger=None if tagger.does_nothing else tagger,
        settings=SETTINGS,
        compression=compression,
    )
    return RayPreparation(work, RAY)


@pytest.fixture
def tools(client, engine):
    return ReindexTools(
        client=client,
        engine=engine,
        settings=SETTINGS,
        encoder_for=lambda _: HashingTextEncoder(),
        progress=SilentProgress(),
    )


def stored(client, alias):
    fields = ["id", "title", "tags", "tags_text", "vector"]
    return list(scan_products(client, alias, fields))


def test_what_is_indexed_is_what_the_local_runner_indexes(client, alias, write_catalogue, tools):
    rows = [*ROWS, {"id": "p7", "title": "A second p7"}, {"id": "broken"}]
    catalogue = write_catalogue(rows)
    here = reindex(ReindexRequest(catalog=catalogue, alias=alias), tools)
    local = stored(client, alias)
    there = reindex(
        ReindexRequest(catalog=catalogue, alias=alias), replace(tools, preparation_for=on_ray)
    )
    assert there.generation != here.generation
    assert stored(client, alias) == local
    assert len(local) == 400
    assert any(product.get("tags") for product in local)
    assert there.rejects == here.rejects == {"duplicate_id": 1, "missing_title": 1}
    assert there.encoded == 400


def taxonomy_tags(file):
    placer = CategoryPlacer(read_taxonomy(file), HashingTextEncoder(), SETTINGS)
    return TaxonomyTags(placer, 0.2)


class PaidModel:
    """Answers until its money is spent; stands for a language model, whose requests are tested in
    tests/integration/language_models.
    """

    identity = "paid@here"

    def __init__(self, requests):
        self.left = requests
        self.processes = set()
        self._lock = Lock()

    def answer_all(self, requests):
        return [self._answer(each) for each in requests]

    def _answer(self, request):
        with self._lock:
            self.processes.add(os.getpid())
            if not self.left:
                return LanguageModelBudgetError("the money is spent", remedy="raise llm.max_cost")
            self.left -= 1
        numbers = range(1, BATCH + 1)
        tags = [{"text": "bedside light", "kind": "use"}]
        return request.answer.model_validate(
            {"products": [{"number": number, "tags": tags} for number in numbers]}
        )


class NoMemory:
    def lookup(self, keys):
        return {}

    def store(self, answers):
        pass


BATCH = 10


def all_generators(file, model):
    """Return what makes the tags of a taxonomy and of a model that may be asked so often."""
    staying = StayingGenerator(LlmTags(model, NoMemory(), BATCH))
    make = partial(taxonomy_tags, file)

    def more(languages, products, *, vectors=True):
        return [RemadeGenerator(make, make()), staying]

    return more


def test_a_taxonomy_and_a_language_model_tag_as_they_do_locally(
    client, alias, write_catalogue, tools, tmp_path
):
    file = tmp_path / "categories.txt"
    file.write_text("Glass lamps\nSewing machines\n", encoding="utf-8")
    catalogue = write_catalogue(ROWS)
    request = ReindexRequest(catalog=catalogue, alias=alias)
    here, there = PaidModel(30), PaidModel(30)
    reindex(request, replace(tools, more_tags=all_generators(file, here)))
    local = stored(client, alias)
    reindex(
        request,
        replace(tools, more_tags=all_generators(file, there), preparation_for=on_ray),
    )
    assert stored(client, alias) == local
    sources = {tag["source"] for product in local for tag in product["tags"]}
    assert {"taxonomy", "llm:paid"} <= sources
    # 30 requests of 10 products each: the money is counted in one place, not in each worker.
    written = sum("bedside light" in (product.get("tags_text") or "") for product in local)
    assert written == 300
    assert (here.left, there.left) == (0, 0)
    assert there.processes == {os.getpid()}


def test_a_worker_that_makes_other_tags_ends_the_run(
    client, alias, write_catalogue, tools, tmp_path
):
    files = [tmp_path / "one.txt", tmp_path / "other.txt"]
    for file, categories in zip(files, ("Home > Lamps\n", "Home > Rugs\n"), strict=True):
        file.write_text(categories, encoding="utf-8")

    def more(languages, products, *, vectors=True):
        return [RemadeGenerator(partial(taxonomy_tags, files[1]), taxonomy_tags(files[0]))]

    other = replace(tools, more_tags=more, preparation_for=on_ray)
    with pytest.raises(RunnerError, match="other tags"):
        reindex(ReindexRequest(catalog=write_catalogue(ROWS), alias=alias), other)


def test_a_model_that_a_worker_lacks_ends_the_run_and_leaves_the_live_index_alone(
    client, alias, write_catalogue, tools, behind
):
    catalogue = write_catalogue(ROWS)
    reindex(ReindexRequest(catalog=catalogue, alias=alias), tools)
    live = behind(alias)
    without = replace(tools, preparation_for=partial(on_ray, missing=True))
    with pytest.raises(EncoderUnavailableError, match="not on this worker"):
        reindex(ReindexRequest(catalog=catalogue, alias=alias), without)
    assert behind(alias) == live


def test_work_that_cannot_be_sent_is_refused_before_anything_is_written():
    work = ChunkWork(
        identity=None,
        encoder_of=Lock().acquire,
        tagger=None,
        settings=SETTINGS,
        compression=VectorCompression.NONE,
    )
    with pytest.raises(RunnerError, match="cannot be sent"):
        RayPreparation(work, RAY)
