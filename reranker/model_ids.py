"""Names of several models as one text, which fingerprints and files keep."""

from collections.abc import Iterable

_SEPARATOR = " + "


def joined_ids(ids: Iterable[str]) -> str:
    """Return names and contents of models as one text; in their order, each once."""
    return _SEPARATOR.join(dict.fromkeys(ids))


def is_among(model_id: str, joined: str) -> bool:
    """Tell whether a model is one of those that a text names."""
    return model_id == joined or model_id in joined.split(_SEPARATOR)
