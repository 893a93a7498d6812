"""What learning from judgments is worth, measured on a real index with a model that is trained."""

import json

import pytest

pytest.importorskip("torch", reason="training needs the extra `train`")
pytest.importorskip("sentence_transformers", reason="training needs the extra `train`")

from click.testing import CliRunner

from evaluation import JudgedQuery, Judgment, Judgments
from search_core import RerankerTrainingError, SilentProgress
from search_core.settings import SearchEngineSettings
from search_engine import connect
from shopkeeper.command_line import cli
from shopkeeper.configuration import load_settings
from shopkeeper.judged_training import validate_training
from tests.integration.reranker.dresses_and_cases import WORDS, judged, write_index
from tests.integration.reranker.untrained_model import write_untrained_model

# Libraries that training stands on warn about themselves.
pytestmark = pytest.mark.filterwarnings("ignore")

# By this seed the untrained model puts cases first.
TITLE_WORDS = ("summer", "dress", "case", "size", ",", "0", "1", "2")
DRESSES = {"dress": 3, "case": 0}


def judgments(grades=None, *, suffix=""):
    return Judgments.of(
        Judgment(query=JudgedQuery(text=word + suffix), product_id=product_id, grade=grade)
        for word, product_id, grade in judged(grades or DRESSES)
    )


@pytest.fixture
def index(opensearch_url, unique_index_name):
    client = connect(SearchEngineSettings(url=opensearch_url))
    write_index(client, unique_index_name)
    yield unique_index_name
    client.close()


@pytest.fixture
def told(opensearch_url, tmp_path):
    start = write_untrained_model(tmp_path / "untrained", (*WORDS, *TITLE_WORDS), seed=2)
    return {
        "search_engine.url": opensearch_url,
        "retrieval.dense": "false",
        "query_understanding.enabled": "false",
        "evaluation.resamples": "999",
        "reranker.weight": "0.9",
        "reranker.training.start": str(start),
        "reranker.training.layers": "4",
        "reranker.training.frozen_layers": "2",
        "reranker.training.epochs": "12",
        "reranker.training.learning_rate": "0.003",
        "reranker.training.measurements": "4",
        "reranker.training.patience": "9",
        "reranker.training.threads": "1",
    }


def validated(index, told, found=None, **changes):
    settings = load_settings(None, told | changes)
    return validate_training(found or judgments(), index, 3, settings, SilentProgress())


def test_what_carries_over_to_other_queries_is_proven(index, told):
    found = validated(index, told)
    start, trained = (each.deciding for each in found.comparisons)
    assert trained.candidate_mean == pytest.approx(1.0)
    assert trained.candidate_mean > start.candidate_mean
    assert start.baseline_mean == trained.baseline_mean < 0.9
    assert found.is_better
    assert "train on all" in found.verdict
    assert found.unread == 0


def test_what_is_true_of_each_query_alone_is_not_taken_for_learning(index, told):
    # Cases of a word are called alike, and which is best changes: nothing carries over.
    found = Judgments.of(
        Judgment(
            query=JudgedQuery(text=word),
            product_id=f"case-{word}-{size}",
            grade=3 if size == place % 3 else 0,
        )
        for place, word in enumerate(WORDS)
        for size in range(3)
    )
    measured = validated(index, told, found)
    assert not measured.is_better
    assert "leave the reranker off" in measured.verdict


def test_queries_that_the_start_does_not_read_keep_their_order(index, told):
    chinese = Judgments.of(
        (
            *(
                Judgment(query=JudgedQuery(text=f"{word} 裙"), product_id=product_id, grade=grade)
                for word, product_id, grade in judged(DRESSES)
                if word < "d"
            ),
            *(
                Judgment(query=JudgedQuery(text=word), product_id=product_id, grade=grade)
                for word, product_id, grade in judged(DRESSES)
                if word >= "d"
            ),
        )
    )
    found = validated(index, told, chinese)
    assert found.unread == 3
    of_unread = [each for each in found.of_training.queries if "裙" in each.query.text]
    assert [each.difference for each in of_unread] == [0.0] * 3


def test_a_layer_has_to_be_frozen(index, told):
    with pytest.raises(RerankerTrainingError, match="would take too long") as raised:
        validated(index, told, **{"reranker.training.frozen_layers": "0"})
    assert "reranker.training.frozen_layers" in raised.value.remedy


def test_too_few_kinds_of_query_are_refused(index, told):
    few = judgments().only([JudgedQuery(text=word) for word in WORDS[:4]])
    with pytest.raises(RerankerTrainingError, match="4 kinds are too few for 3 folds"):
        validated(index, told, few)


def test_the_command_prints_what_was_measured(index, told, tmp_path):
    file = tmp_path / "judgments.csv"
    rows = [f"{word},{product_id},{grade}" for word, product_id, grade in judged(DRESSES)]
    file.write_text("\n".join(["query,docid,rating", *rows]))
    chosen = [word for name, each in told.items() for word in ("--set", f"{name}={each}")]
    words = ["reranker", "validate", str(file), "--index", index, "--folds", "3", "--json"]
    done = CliRunner().invoke(cli, [*words, *chosen])
    assert done.exit_code == 0, done.output
    printed = json.loads(done.stdout)
    assert printed["is_better"]
    assert set(printed["systems"]) == {"as it starts", "trained on other queries"}
    measured = printed["systems"]["trained on other queries"]
    assert measured["nDCG@10"]["with"] == pytest.approx(1.0)
