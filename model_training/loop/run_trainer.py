"""One run of a trainer, from where its last checkpoint left off."""

from dataclasses import dataclass
from pathlib import Path

from transformers import PrinterCallback, Trainer
from transformers.trainer import TRAINER_STATE_NAME

_CHECKPOINT = "checkpoint-"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainerRun:
    """How long it was trained."""

    steps: int
    """In all, those before a break included."""
    resumed_at: int
    """Step of the checkpoint that was gone on from; 0: from the start."""


def run_trainer(trainer: Trainer) -> TrainerRun:
    """Train, going on from the last whole checkpoint in the trainer's folder where there is one.

    Raises:
        ConfigurationError: that checkpoint is of another training.
    """
    # It prints to stdout, which is for results.
    trainer.remove_callback(PrinterCallback)
    step = _last_step(Path(trainer.args.output_dir))
    found = f"{trainer.args.output_dir}/{_CHECKPOINT}{step}" if step else None
    trainer.train(resume_from_checkpoint=found)
    return TrainerRun(steps=trainer.state.global_step, resumed_at=step)


def _last_step(folder: Path) -> int:
    """Return the step of the last whole checkpoint; 0: there is none.

    The trainer writes its own state last: without it, it was ended while it wrote.
    """
    names = [each.parent.name for each in folder.glob(f"{_CHECKPOINT}*/{TRAINER_STATE_NAME}")]
    steps = [each.removeprefix(_CHECKPOINT) for each in names]
    return max((int(each) for each in steps if each.isdecimal()), default=0)
