"""What was trained for a shop, in place of what Shopkeeper brings."""

from pathlib import Path

from query_understanding.intent_model import (
    IntentModel,
    default_intent_model,
    read_intent_model,
)

INTENT_FILE = "intent.json"
"""Name of a trained model of intents in the folder of what was trained."""


def intent_model(folder: Path | None) -> IntentModel:
    """Return the model of intents that was trained into a folder, else the one that ships.

    Raises:
        ConfigurationError: the trained one cannot be read.
    """
    path = None if folder is None else folder / INTENT_FILE
    if path is None or not path.exists():
        return default_intent_model()
    return read_intent_model(path)
