"""One run of a trainer, from where its last checkpoint left off."""

from dataclasses import dataclass

from transformers import PrinterCallback, Trainer
from transformers.trainer_utils import get_last_checkpoint


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainerRun:
    """How long it was trained."""

    steps: int
    """In all, those before a break included."""
    resumed_at: int
    """Step of the checkpoint that was gone on from; 0: from the start."""


def run_trainer(trainer: Trainer) -> TrainerRun:
    """Train, going on from the last checkpoint in the trainer's folder where there is one.

    Raises:
        ConfigurationError: that checkpoint is of another training.
    """
    # It prints to stdout, which is for results.
    trainer.remove_callback(PrinterCallback)
    found = get_last_checkpoint(trainer.args.output_dir)
    trainer.train(resume_from_checkpoint=found)
    return TrainerRun(
        steps=trainer.state.global_step,
        resumed_at=int(found.rsplit("-", 1)[-1]) if found else 0,
    )
