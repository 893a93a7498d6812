"""What a classifier is trained on, and how."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledText:
    """A query whose class is known."""

    text: str
    label: int
    """Place of its class."""
    features: tuple[float, ...] = ()
    """What is known of it besides its words; of all texts the same number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassifierTraining:
    """How a model is trained."""

    epochs: int = 8
    """Passes over the examples at most, after the head has been fitted; 0: the head alone."""
    patience: int = 2
    """Measurements without a smaller loss after which training stops; there is one an epoch."""
    learning_rate: float = 1e-4
    """Of the layers that are trained."""
    head_factor: float = 10.0
    """The head, which starts with less, learns so many times as fast."""
    tuned_layers: int = 2
    """The uppermost layers, which are trained; those below stay as they are, and so does what they
    know of words that a catalogue has not. That is half the time as well."""
    batch: int = 64
    max_tokens: int = 24
    """Longer queries are cut."""
    threads: int = 0
    """Cores that PyTorch uses; 0: all."""
    seed: int = 0
