"""Low-rank adapters: what is trained with them, what becomes of them, what is refused."""

import json

import pytest

pytest.importorskip("torch", reason="training needs the extra `train`")
pytest.importorskip("peft", reason="training needs the extra `train`")

import torch
from safetensors.torch import load_file
from transformers import AutoModelForSequenceClassification

from model_training.loop import TRAINED_WEIGHTS_FILE
from reranker.training import (
    export_cross_encoder,
    held_out_logits,
    train_cross_encoder,
)
from reranker.training.low_rank_adapters import learning_weights
from reranker.training.starting_model import write_starting_model
from search_core import ConfigurationError, RerankerTrainingError, SilentProgress
from search_core.settings import RerankerTrainingSettings
from tests.integration.reranker.new_before_black import EXPORTED_PAIRS, groups, write_start

# Libraries that training stands on warn about themselves.
pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture
def start(tmp_path):
    return write_start(tmp_path / "untrained")


def settings(**changes):
    chosen = {
        "layers": 2, "epochs": 4.0, "learning_rate": 1e-2, "measurements": 4, "patience": 9,
        "held_out_share": 0.2, "max_tokens": 32, "threads": 1, "lora_rank": 4,
    }  # fmt: skip
    return RerankerTrainingSettings(**(chosen | changes))


def weights(folder):
    return AutoModelForSequenceClassification.from_pretrained(folder).state_dict()


def changed_weights(trained):
    before, after = weights(trained.folder / "start"), weights(trained.folder)
    assert before.keys() == after.keys()
    return {name for name in before if not torch.equal(before[name], after[name])}


def logits(model):
    model.eval()
    ids = torch.arange(4, 24).reshape(2, 10)
    with torch.no_grad():
        return model(input_ids=ids).logits[:, 0].tolist()


def test_adapters_and_head_learn_the_order_and_nothing_else_changes(start, tmp_path):
    trained = train_cross_encoder(groups(), start, tmp_path / "mine", settings())
    assert trained.ndcg_after > max(trained.ndcg_before, 0.95)
    assert trained.adapted_layers == ("query", "value")
    # Two layers with two adapters of two matrices of 4 x 64; pooler and classifier are the head.
    assert trained.trained_weights == 2 * 2 * 2 * 4 * 64 + (64 * 64 + 64) + (64 + 1)
    assert changed_weights(trained) == {
        *(
            f"bert.encoder.layer.{layer}.attention.self.{name}.weight"
            for layer in (0, 1)
            for name in ("query", "value")
        ),
        "bert.pooler.dense.weight", "bert.pooler.dense.bias", "classifier.weight",
        "classifier.bias",
    }  # fmt: skip


def test_what_is_merged_scores_as_what_was_trained(start, tmp_path):
    write_starting_model(start, tmp_path / "written", layers=2, seed=1)
    model = AutoModelForSequenceClassification.from_pretrained(tmp_path / "written")
    names, untouched = list(model.state_dict()), logits(model)
    with learning_weights(model, settings(lora_alpha=3.0)):
        assert logits(model) == pytest.approx(untouched, abs=1e-6)
        for name, each in model.named_parameters():
            if "lora_B" in name:
                torch.nn.init.normal_(each, std=10.0)
        moved = logits(model)
    assert moved != pytest.approx(untouched, abs=1e-3)
    assert logits(model) == pytest.approx(moved, abs=1e-5)
    assert list(model.state_dict()) == names


def test_alpha_is_twice_the_rank_unless_it_is_set(start, tmp_path):
    write_starting_model(start, tmp_path / "written", layers=2, seed=1)
    told = []
    for alpha in (None, 8.0, 16.0):
        model = AutoModelForSequenceClassification.from_pretrained(tmp_path / "written")
        with learning_weights(model, settings(lora_alpha=alpha)):
            for name, each in model.named_parameters():
                if "lora_B" in name:
                    torch.nn.init.constant_(each, 10.0)
        told.append(logits(model))
    assert told[0] == told[1] != told[2]


def test_a_training_goes_on_from_adapters_alone_and_is_exported(start, tmp_path):
    train_cross_encoder(groups(), start, tmp_path / "mine", settings(epochs=2.0))
    checkpoint = max(
        (tmp_path / "mine" / "checkpoints").glob("checkpoint-*"), key=lambda each: len(each.name)
    )
    kept = load_file(checkpoint / TRAINED_WEIGHTS_FILE)
    assert {name.split(".lora_")[0].rsplit(".", 1)[-1] for name in kept if "lora_" in name} == {
        "query", "value",
    }  # fmt: skip
    assert not any("embeddings" in name or "intermediate" in name for name in kept)
    assert not list(checkpoint.glob("model*.safetensors"))
    again = train_cross_encoder(groups(), start, tmp_path / "mine", settings(epochs=4.0))
    assert again.steps > again.resumed_at > 0
    assert again.ndcg_after > 0.95
    exported = export_cross_encoder(again.folder, tmp_path / "onnx", EXPORTED_PAIRS)
    assert exported.correlation >= 0.98


def test_a_break_changes_nothing_of_what_is_learned(start, tmp_path):
    def trained(name):
        return train_cross_encoder(groups(), start, tmp_path / name, settings(lora_dropout=0.1))

    whole = trained("whole")
    checkpoints = sorted(
        (whole.folder / "checkpoints").glob("checkpoint-*"),
        key=lambda each: int(each.name.rsplit("-", 1)[1]),
    )
    # As a training leaves it that is killed before its last measurement.
    broken = tmp_path / "broken"
    for source in (whole.folder / "start", checkpoints[0]):
        target = broken / source.relative_to(whole.folder)
        target.mkdir(parents=True)
        for file in source.iterdir():
            (target / file.name).write_bytes(file.read_bytes())
    gone_on = trained("broken")
    assert gone_on.resumed_at == int(checkpoints[0].name.rsplit("-", 1)[1])
    assert gone_on.steps == whole.steps
    one, other = weights(whole.folder), weights(broken)
    assert all(torch.allclose(one[name], other[name], atol=1e-6) for name in one)


def test_layers_above_frozen_ones_get_the_adapters(start, tmp_path):
    chosen = settings(layers=4, frozen_layers=2, epochs=6.0)
    trained = train_cross_encoder(groups(), start, tmp_path / "mine", chosen)
    assert trained.ndcg_after > max(trained.ndcg_before, 0.9)
    of_layers = {name for name in changed_weights(trained) if ".layer." in name}
    assert {name.split(".")[3] for name in of_layers} == {"2", "3"}
    assert {name.split(".")[6] for name in of_layers} == {"query", "value"}


def test_cross_validation_trains_adapters_anew_in_each_fold(start):
    windows = {each.query: each.pairs for each in groups()}
    chosen = settings(layers=4, frozen_layers=2, epochs=6.0)
    found = held_out_logits(groups(), windows, start, chosen, 2, SilentProgress())

    def in_order(logits):
        return sum(logits[pairs[0]] > logits[pairs[1]] for pairs in windows.values())

    assert in_order(found.trained) > max(in_order(found.start), 54)


def test_the_layers_that_get_adapters_are_chosen(start, tmp_path):
    chosen = settings(lora_modules="key,attention.output.dense", epochs=1.0)
    trained = train_cross_encoder(groups(), start, tmp_path / "mine", chosen)
    assert trained.adapted_layers == ("key", "dense")
    of_layers = {name for name in changed_weights(trained) if ".layer.0." in name}
    place = "bert.encoder.layer.0.attention"
    assert of_layers == {f"{place}.self.key.weight", f"{place}.output.dense.weight"}


def test_the_card_says_that_adapters_were_trained(start, tmp_path):
    trained = train_cross_encoder(groups(), start, tmp_path / "mine", settings(epochs=1.0))
    told = json.loads((trained.folder / "model_card.json").read_text())["training"]
    assert told["adapted_layers"] == ["query", "value"]
    assert told["trained_weights"] == trained.trained_weights
    assert told["settings"]["lora_rank"] == 4


def test_the_seed_gives_the_same_model(start, tmp_path):
    one, other = (
        train_cross_encoder(groups(), start, tmp_path / name, settings(epochs=1.0)).folder
        for name in ("one", "other")
    )
    assert (one / "model.safetensors").read_bytes() == (other / "model.safetensors").read_bytes()


@pytest.mark.parametrize(
    ("changes", "told", "remedy"),
    [
        ({"lora_modules": "qurey,value"}, "no layers qurey", "dense, key, query, value"),
        ({"lora_modules": "classifier"}, "no layers classifier", "dense, key, query, value"),
        ({"lora_rank": 64}, "rank 64 are no smaller than layers of 64", "lora_rank"),
    ],
)
def test_adapters_that_do_not_fit_the_model_are_refused(start, tmp_path, changes, told, remedy):
    with pytest.raises(RerankerTrainingError, match=told) as raised:
        train_cross_encoder(groups(), start, tmp_path / "mine", settings(**changes))
    assert remedy in raised.value.remedy


def test_an_architecture_without_usual_layers_wants_them_named(start, tmp_path):
    model = AutoModelForSequenceClassification.from_pretrained(start)
    model.config.model_type = "unheard-of"
    with (
        pytest.raises(RerankerTrainingError, match="no layers that usually get adapters") as raised,
        learning_weights(model, settings()),
    ):
        pass
    assert "lora_modules" in raised.value.remedy


def test_checkpoints_of_other_weights_are_not_mixed_in(start, tmp_path):
    train_cross_encoder(groups(), start, tmp_path / "mine", settings(epochs=1.0))
    with pytest.raises(ConfigurationError, match="does not have the weights") as raised:
        train_cross_encoder(groups(), start, tmp_path / "mine", settings(lora_rank=0))
    assert "checkpoints" in raised.value.remedy
