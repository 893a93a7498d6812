"""The whole way: a small model trained on a small catalogue, cut off, gone on with, exported."""

import json
from types import SimpleNamespace

import pytest

pytest.importorskip("torch", reason="training needs the extra `train`")
pytest.importorskip("sentence_transformers", reason="training needs the extra `train`")

import onnx
import torch
from sentence_transformers import CrossEncoder
from transformers import AutoModelForSequenceClassification, AutoTokenizer

from artifacts import ArtifactStore, default_cache_dir
from reranker import check_cross_encoder, cross_encoder_folder
from reranker.training import (
    export_cross_encoder,
    held_out_pairs,
    train_cross_encoder,
    write_groups,
)
from reranker.training.frozen_training import STATES_FILE, split_model
from reranker.training.starting_model import write_starting_model
from reranker.training.upper_layers import upper_logits
from search_core import RerankerTrainingError, SilentProgress
from search_core.settings import RerankerTrainingSettings, TrainingLoss
from tests.integration.reranker.new_before_black import EXPORTED_PAIRS, groups, write_start

# Libraries that training stands on warn about themselves.
pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture
def start(tmp_path):
    return write_start(tmp_path / "untrained")


def settings(**changes):
    chosen = {
        "layers": 2, "epochs": 4.0, "learning_rate": 3e-3, "measurements": 4, "patience": 9,
        "held_out_share": 0.2, "max_tokens": 32, "threads": 1,
    }  # fmt: skip
    return RerankerTrainingSettings(**(chosen | changes))


@pytest.mark.parametrize("loss", list(TrainingLoss))
def test_every_loss_puts_held_out_queries_in_order(start, tmp_path, loss):
    trained = train_cross_encoder(groups(), start, tmp_path / "mine", settings(loss=loss))
    assert trained.held_out_groups == 4 * 3
    assert trained.ndcg_after > max(trained.ndcg_before, 0.95)
    config = json.loads((trained.folder / "config.json").read_text())
    assert config["num_hidden_layers"] == 2


@pytest.mark.parametrize("loss", list(TrainingLoss))
def test_every_loss_is_learned_by_the_upper_layers_alone(start, tmp_path, loss):
    changes = {"loss": loss, "layers": 4, "frozen_layers": 2, "epochs": 6.0}
    trained = train_cross_encoder(groups(), start, tmp_path / "mine", settings(**changes))
    assert trained.ndcg_after > max(trained.ndcg_before, 0.9)
    before, after = (
        AutoModelForSequenceClassification.from_pretrained(each).state_dict()
        for each in (trained.folder / "start", trained.folder)
    )
    assert before.keys() == after.keys()
    changed = {name for name in before if not torch.equal(before[name], after[name])}
    layers = {name.split(".")[3] for name in changed if ".layer." in name}
    assert layers == {"2", "3"}
    assert not any("embeddings" in name for name in changed)


def test_frozen_layers_are_scored_as_the_whole_model_scores(start, tmp_path):
    write_starting_model(start, tmp_path / "written", layers=4, seed=1)
    model = CrossEncoder(str(tmp_path / "written"), max_length=32, local_files_only=True)
    expected = model.predict(EXPORTED_PAIRS, activation_fn=torch.nn.Identity())
    for frozen in (0, 1, 3):
        told = settings(frozen_layers=frozen)
        pairs = tuple(EXPORTED_PAIRS)
        given = (tmp_path / "written", pairs, tmp_path / "states.npy", told, SilentProgress())
        with split_model(*given) as (split, states):
            logits = upper_logits(split.upper, states, pairs)
        assert not (tmp_path / "states.npy").exists()
        # States are kept in 16 bits.
        assert [logits[each] for each in pairs] == pytest.approx(expected.tolist(), abs=2e-3)


def test_a_training_of_upper_layers_goes_on_and_is_exported(start, tmp_path):
    chosen = {"layers": 4, "frozen_layers": 3}
    train_cross_encoder(groups(), start, tmp_path / "mine", settings(epochs=2.0, **chosen))
    # As a training leaves them that is killed.
    (tmp_path / "mine" / STATES_FILE).write_bytes(b"states of other pairs" * 99_999)
    again = train_cross_encoder(groups(), start, tmp_path / "mine", settings(epochs=4.0, **chosen))
    assert again.steps > again.resumed_at > 0
    assert not (tmp_path / "mine" / STATES_FILE).exists()
    exported = export_cross_encoder(again.folder, tmp_path / "onnx", EXPORTED_PAIRS)
    assert exported.correlation >= 0.98


def test_states_that_the_disk_has_no_room_for_are_refused(start, tmp_path, monkeypatch):
    monkeypatch.setattr(
        "reranker.training.frozen_states.shutil.disk_usage",
        lambda folder: SimpleNamespace(free=100),
    )
    with pytest.raises(
        RerankerTrainingError, match=r"180 pairs take 0\.0 GB.*mine has room"
    ) as told:
        train_cross_encoder(groups(), start, tmp_path / "mine", settings(frozen_layers=1))
    assert "frozen_layers=0" in told.value.remedy
    assert not (tmp_path / "mine" / STATES_FILE).exists()


def test_a_layer_is_left_to_train(start, tmp_path):
    with pytest.raises(RerankerTrainingError, match="of 2 layers 2 are frozen"):
        train_cross_encoder(groups(), start, tmp_path / "mine", settings(frozen_layers=2))


def test_the_card_says_what_was_learned_from(start, tmp_path):
    trained = train_cross_encoder(groups(), start, tmp_path / "mine", settings())
    card = json.loads((trained.folder / "model_card.json").read_text())
    assert (card["name"], card["languages"]) == ("mine", ["en"])
    assert (card["licence"], card["start"]) == ("Apache-2.0", "untrained")
    assert card["training"]["sources"] == {"kind": 60}
    assert card["training"]["train_pairs"] == 16 * 3 * 3
    assert card["measures"]["held_out_ndcg@10"] == round(trained.ndcg_after, 4)
    assert list((trained.folder / "checkpoints").glob("checkpoint-*"))
    assert list((trained.folder / "logs").glob("events*"))


def test_a_training_that_was_cut_off_goes_on(start, tmp_path):
    train_cross_encoder(groups(), start, tmp_path / "mine", settings(epochs=2.0))
    again = train_cross_encoder(groups(), start, tmp_path / "mine", settings(epochs=4.0))
    assert again.resumed_at > 0
    assert again.steps > again.resumed_at


def test_the_seed_gives_the_same_model(start, tmp_path):
    one, other = (
        train_cross_encoder(groups(), start, tmp_path / name, settings()).folder
        for name in ("one", "other")
    )
    assert (one / "model.safetensors").read_bytes() == (other / "model.safetensors").read_bytes()


def test_what_was_trained_is_exported_with_the_scores_it_had(start, tmp_path):
    trained = train_cross_encoder(groups(), start, tmp_path / "mine", settings())
    write_groups(groups(), trained.folder / "groups.jsonl")
    pairs = held_out_pairs(trained.folder, settings())
    exported = export_cross_encoder(trained.folder, tmp_path / "onnx", pairs)
    assert exported.largest_difference <= 1e-3
    assert exported.correlation >= 0.98
    assert exported.compared_pairs == 4 * 3 * 3
    model = check_cross_encoder(exported.folder)
    assert model.languages == ("en",)
    better, worse = model.score([("red kind3", "a new kind3"), ("red kind3", "black kind3")])
    assert better > worse


def test_a_bert_is_exported_as_the_graph_of_joined_steps_and_told_the_segments(start, tmp_path):
    write_starting_model(start, tmp_path / "written", layers=4, seed=1)
    target = tmp_path / "onnx"
    export_cross_encoder(tmp_path / "written", target, EXPORTED_PAIRS)
    graph = onnx.load(target / "model.onnx").graph
    assert [each.name for each in graph.input] == ["input_ids", "attention_mask", "token_type_ids"]
    # Of the last layer only the first token is computed.
    assert sum(node.op_type == "QAttention" for node in graph.node) == 3


def test_without_int8_the_graph_is_pytorchs(start, tmp_path):
    exported = export_cross_encoder(start, tmp_path / "onnx", EXPORTED_PAIRS, precision="fp32")
    kinds = {node.op_type for node in onnx.load(tmp_path / "onnx" / "model.onnx").graph.node}
    assert not kinds & {"QAttention", "MatMulInteger", "DynamicQuantizeMatMul"}
    assert exported.correlation > 0.9999


def test_the_named_model_goes_on_from_its_own_scores(tmp_path):
    source = cross_encoder_folder("ms-marco-minilm-l12-v2-int8", ArtifactStore(default_cache_dir()))
    write_starting_model(source, tmp_path / "start", layers=6, seed=1)
    config = json.loads((tmp_path / "start" / "config.json").read_text())
    tokenizer = AutoTokenizer.from_pretrained(tmp_path / "start", local_files_only=True)
    assert "token_type_ids" in tokenizer(["red dress"], ["a red dress"])
    assert config["num_hidden_layers"] == 6
    # A wrong number of heads loads without complaint and scores at random.
    assert config["num_attention_heads"] == 12


def test_a_start_with_too_few_layers_is_named(start, tmp_path):
    with pytest.raises(RerankerTrainingError, match="has 4 layers, not 6"):
        train_cross_encoder(groups(), start, tmp_path / "mine", settings(layers=6))


def test_a_folder_without_a_model_is_named(tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(RerankerTrainingError, match=r"has neither config\.json nor model\.onnx"):
        train_cross_encoder(groups(), tmp_path / "empty", tmp_path / "mine", settings())


def test_an_export_is_compared_on_enough_pairs(start, tmp_path):
    with pytest.raises(RerankerTrainingError, match="20 are the least"):
        export_cross_encoder(start, tmp_path / "onnx", [("red dress", "a dress")])
