"""What the trainings of transformers have in common, whatever they are trained for.

This root can be imported without PyTorch. `model_training.loop` cannot: it is imported where a
model is trained, behind `require_training_extra`.
"""

from model_training.training_extra import require_training_extra

__all__ = ["require_training_extra"]
