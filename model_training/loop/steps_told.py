"""How far a training is, told as everywhere else."""

from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments

from search_core import ProgressListener

_TASK = "training"


class StepsTold(TrainerCallback):  # type: ignore[misc] # the library has no types
    """Tells how far training is."""

    def __init__(self, progress: ProgressListener) -> None:
        """Tell a listener."""
        self._progress = progress
        self._told = 0

    def on_train_begin(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: TrainerControl,
        **others: object,
    ) -> None:
        """Begin, where a checkpoint left off."""
        del args, control, others
        self._progress.start(_TASK, state.max_steps, "steps")

    def on_step_end(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: TrainerControl,
        **others: object,
    ) -> None:
        """Tell of the steps since the last time."""
        del args, control, others
        self._progress.advance(_TASK, state.global_step - self._told)
        self._told = state.global_step

    def on_train_end(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: TrainerControl,
        **others: object,
    ) -> None:
        """End."""
        del args, state, control, others
        self._progress.finish(_TASK)
