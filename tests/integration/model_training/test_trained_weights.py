"""Checkpoints of what is trained, by the library's own trainer around a very small model."""

import pytest

pytest.importorskip("torch", reason="training needs the extra `train`")
pytest.importorskip("transformers", reason="training needs the extra `train`")

import torch
from safetensors.torch import load_file
from torch import nn
from transformers import Trainer, TrainingArguments

from model_training.loop import TRAINED_WEIGHTS_FILE, StepsTold, TrainedWeightsKept, run_trainer
from search_core import ConfigurationError

# Libraries that training stands on warn about themselves.
pytestmark = pytest.mark.filterwarnings("ignore")


class Lines(nn.Module):
    """Two straight lines, one after the other; the first one stays as it is."""

    def __init__(self):
        super().__init__()
        torch.manual_seed(1)
        self.first = nn.Linear(1, 1)
        self.second = nn.Linear(1, 1)
        self.first.requires_grad_(requires_grad=False)

    def forward(self, x, labels):
        return {"loss": ((self.second(self.first(x)) - labels) ** 2).mean()}


class LineTrainer(TrainedWeightsKept, Trainer):
    pass


class Told:
    """Notes what it is told of steps."""

    def __init__(self):
        self.steps = []

    def start(self, task, total, unit):
        self.total = total

    def advance(self, task, number):
        self.steps.append(number)

    def finish(self, task):
        self.finished = True


def line_trainer(folder, epochs, model=None, told=None):
    """Return a trainer that learns to go up while what is measured goes down."""
    rows = [{"x": [1.0], "labels": [10.0]}, {"x": [2.0], "labels": [20.0]}]
    measured = [{"x": [1.0], "labels": [-10.0]}, {"x": [2.0], "labels": [-20.0]}]
    return LineTrainer(
        model=model or Lines(),
        args=TrainingArguments(
            output_dir=str(folder), num_train_epochs=epochs, per_device_train_batch_size=2,
            learning_rate=0.1, lr_scheduler_type="constant", eval_strategy="epoch",
            save_strategy="epoch", load_best_model_at_end=True, metric_for_best_model="eval_loss",
            greater_is_better=False, report_to=[], disable_tqdm=True, use_cpu=True,
        ),
        train_dataset=rows,
        eval_dataset=measured,
        callbacks=[StepsTold(told)] if told else [],
    )  # fmt: skip


def test_a_checkpoint_holds_what_is_trained_and_nothing_else(tmp_path):
    run_trainer(line_trainer(tmp_path, 1))
    kept = load_file(tmp_path / "checkpoint-1" / TRAINED_WEIGHTS_FILE)
    assert set(kept) == {"second.weight", "second.bias"}
    assert not list((tmp_path / "checkpoint-1").glob("model*"))


def test_the_model_has_the_weights_of_the_best_measurement(tmp_path):
    model = Lines()
    first = {name: each.clone() for name, each in model.first.state_dict().items()}
    run_trainer(line_trainer(tmp_path, 3, model))
    best, last = (
        load_file(tmp_path / f"checkpoint-{step}" / TRAINED_WEIGHTS_FILE) for step in (1, 3)
    )
    assert not torch.equal(best["second.weight"], last["second.weight"])
    assert torch.equal(model.second.weight, best["second.weight"])
    assert torch.equal(model.second.bias, best["second.bias"])
    assert torch.equal(model.first.weight, first["weight"])


def test_a_run_goes_on_from_its_last_checkpoint_and_tells_of_all_steps(tmp_path):
    run_trainer(line_trainer(tmp_path, 2))
    told = Told()
    run = run_trainer(line_trainer(tmp_path, 5, told=told))
    assert (run.steps, run.resumed_at) == (5, 2)
    assert (told.total, told.steps, told.finished) == (5, [3, 1, 1], True)


@pytest.mark.parametrize(
    "written", [(), (TRAINED_WEIGHTS_FILE,), (TRAINED_WEIGHTS_FILE, "optimizer.pt")]
)
def test_a_checkpoint_that_was_not_written_to_its_end_is_passed_over(tmp_path, written):
    run_trainer(line_trainer(tmp_path, 2))
    cut_off = tmp_path / "checkpoint-3"
    cut_off.mkdir()
    for name in written:
        whole = (tmp_path / "checkpoint-2" / name).read_bytes()
        (cut_off / name).write_bytes(whole[: len(whole) // 2])
    run = run_trainer(line_trainer(tmp_path, 5))
    assert (run.steps, run.resumed_at) == (5, 2)
    assert (cut_off / "trainer_state.json").is_file()


def test_a_checkpoint_of_other_weights_is_refused(tmp_path):
    run_trainer(line_trainer(tmp_path, 1))
    model = Lines()
    model.first.requires_grad_(requires_grad=True)
    with pytest.raises(ConfigurationError, match="checkpoint-1 does not have") as raised:
        run_trainer(line_trainer(tmp_path, 2, model))
    assert str(tmp_path) in raised.value.remedy
