"""Fine-tuning a small transformer that sorts queries: what categories and intents have in common.

PyTorch (extra `train`) is imported only when a model is trained.
"""

from query_understanding.classifier_training.labelled_text import ClassifierTraining, LabelledText
from query_understanding.classifier_training.mixture import Mixture, best_mixture
from query_understanding.classifier_training.train_classifier import (
    TrainedClassifier,
    train_classifier,
)

__all__ = [
    "ClassifierTraining",
    "LabelledText",
    "Mixture",
    "TrainedClassifier",
    "best_mixture",
    "train_classifier",
]
