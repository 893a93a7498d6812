"""Around the trainer of `transformers`: progress, checkpoints, going on (extra `train`)."""

from model_training.loop.run_trainer import TrainerRun, run_trainer
from model_training.loop.steps_told import StepsTold
from model_training.loop.torch_process import prepare_torch
from model_training.loop.trained_weights import TRAINED_WEIGHTS_FILE, TrainedWeightsKept

__all__ = [
    "TRAINED_WEIGHTS_FILE",
    "StepsTold",
    "TrainedWeightsKept",
    "TrainerRun",
    "prepare_torch",
    "run_trainer",
]
