"""What is learned from, made from the catalogue of a real index and its own search."""

import json

import pytest

from evaluation import JudgedQuery, Judgment, Judgments
from language_models.testing import CompletionServer, Reply
from search_core import IndexNotFoundError, Product, RerankerTrainingError, SilentProgress
from search_core.settings import SearchEngineSettings
from search_engine import IndexDescription, connect, index_body, product_document
from shopkeeper.configuration import load_settings
from shopkeeper.reranker_training import TrainingRequest, training_groups

OF = " for your laser printer"


def shop():
    """Return 30 printers of two brands, and 30 toners, every fifth of which names a printer."""
    printers = [
        Product(
            id=f"printer-{number}",
            title=f"{('Acme', 'Bolt')[number % 2]} laser printer {number}",
            brand=("Acme", "Bolt")[number % 2],
            product_type="Laser printer",
        )
        for number in range(30)
    ]
    toners = [
        Product(
            id=f"toner-{number}",
            title=f"{('Acme', 'Bolt')[number % 2]} toner {number}{'' if number % 5 else OF}",
            brand=("Acme", "Bolt")[number % 2],
            product_type="Toner",
        )
        for number in range(30)
    ]
    return [*printers, *toners]


@pytest.fixture
def index(opensearch_url, unique_index_name):
    client = connect(SearchEngineSettings(url=opensearch_url))
    body = index_body(IndexDescription(languages=("en",), encoder=None), SearchEngineSettings())
    client.indices.create(index=unique_index_name, body=body)
    lines = []
    for product in shop():
        lines += [{"index": {"_id": product.id}}, product_document(product, None)]
    answer = client.bulk(index=unique_index_name, body=lines, params={"refresh": "true"})
    assert not answer["errors"], answer
    yield unique_index_name
    client.close()


@pytest.fixture
def settings(opensearch_url):
    return load_settings(
        None,
        {
            "search_engine.url": opensearch_url,
            "retrieval.dense": "false",
            "query_understanding.enabled": "false",
            "reranker.training.teacher": "",
            "reranker.training.queries": "20",
            "reranker.training.noise_share": "0",
            "reranker.training.list_size": "8",
        },
    )


def test_printers_are_better_than_their_toners_without_any_judgment(index, settings, tmp_path):
    request = TrainingRequest(index=index, target=tmp_path)
    groups = training_groups(request, settings, SilentProgress())
    (printers,) = (each for each in groups if each.query == "laser printer")
    targets = dict(zip(printers.passages, printers.targets, strict=True))
    of_printers = [target for passage, target in targets.items() if "toner" not in passage]
    of_toners = [target for passage, target in targets.items() if "toner" in passage]
    assert min(of_printers) > max(of_toners)
    assert {each.source for each in groups} >= {"kind", "brand_and_kind"}


def test_grades_are_learned_from_where_there_are_some(index, settings, tmp_path):
    judged = JudgedQuery(text="printer")
    judgments = Judgments.of(
        Judgment(query=judged, product_id=product_id, grade=grade)
        for product_id, grade in {"printer-1": 3, "toner-1": 0, "gone": 3}.items()
    )
    request = TrainingRequest(
        index=index, target=tmp_path, judgments=judgments, from_catalogue=False
    )
    (group,) = training_groups(request, settings, SilentProgress())
    assert group.query == "printer"
    best = group.passages[group.targets.index(max(group.targets))]
    assert best == "Bolt laser printer 1"
    assert len(group.passages) == 2


def with_settings(settings, **training):
    changed = settings.reranker.training.model_copy(update=training)
    reranker = settings.reranker.model_copy(update={"training": changed})
    return settings.model_copy(update={"reranker": reranker})


def test_queries_in_other_words_have_the_products_of_theirs(index, settings, tmp_path):
    def translate(request):
        query = json.loads(request.texts[1])["query"]
        return Reply(text=json.dumps({"translation": "", "back": f"{query} machine"}))

    changed = with_settings(settings, back_translation=("de",), back_translation_share=1.0)
    with CompletionServer(by=translate) as server:
        asked = {"base_url": server.base_url, "model": "m"}
        changed = changed.model_copy(
            update={
                "llm": changed.llm.model_copy(update=asked),
                "local_stack": changed.local_stack.model_copy(update={"cache_dir": tmp_path}),
            }
        )
        request = TrainingRequest(index=index, target=tmp_path)
        groups = training_groups(request, changed, SilentProgress())
    by_query = {each.query: each for each in groups}
    for query in [each.query for each in groups if each.source != "back_translation"]:
        other = by_query[f"{query} machine"]
        assert other.source == "back_translation"
        assert other.passages == by_query[query].passages
        assert other.targets == by_query[query].targets
        assert other.family == by_query[query].family


def test_other_words_need_a_language_model(index, settings, tmp_path):
    changed = with_settings(settings, back_translation=("de",))
    with pytest.raises(RerankerTrainingError, match="needs a language model, and none is set"):
        training_groups(TrainingRequest(index=index, target=tmp_path), changed, SilentProgress())


def test_an_index_that_is_not_there_is_named(opensearch_url, settings, tmp_path):
    request = TrainingRequest(index="reranker-no-such-index", target=tmp_path)
    with pytest.raises(IndexNotFoundError, match="reranker-no-such-index"):
        training_groups(request, settings, SilentProgress())
