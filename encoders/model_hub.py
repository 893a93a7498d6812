"""Fetching a model by its Hugging Face id, where a hub can be reached."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from encoders.model_files import OnnxModelFiles
from encoders.model_folder import CONFIGURATIONS, TOKENIZER, WEIGHTS, read_model_folder
from search_core import EncoderUnavailableError

_MODEL_ID = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*")
_PATTERNS = [*WEIGHTS, *(f"{each}_data" for each in WEIGHTS), TOKENIZER, *CONFIGURATIONS]

_REMEDY = (
    "Check the id and the connection, or download the model elsewhere and set encoders.model to "
    "its folder, or use a model of `shopkeeper doctor`."
)


def is_hub_id(name: str) -> bool:
    """Tell whether a name has the form `owner/model`."""
    return _MODEL_ID.fullmatch(name) is not None


def fetch_hub_model(hub_id: str, download: Callable[..., str] | None = None) -> OnnxModelFiles:
    """Download the files that an encoder needs, or find them in the hub's own cache.

    Args:
        hub_id: `owner/model`. The repository has to hold an ONNX export.
        download: takes `repo_id` and `allow_patterns` and returns a folder; `None`:
            `huggingface_hub.snapshot_download`.

    Raises:
        EncoderUnavailableError: `huggingface_hub` is not installed, the hub does not answer or has
            no such model, or the model has no ONNX file.
    """
    try:
        from huggingface_hub import snapshot_download  # noqa: PLC0415 - optional
        from huggingface_hub.errors import (  # noqa: PLC0415 - optional
            HfHubHTTPError,
            HFValidationError,
        )
    except ImportError as error:
        raise EncoderUnavailableError(
            f"{hub_id} looks like a Hugging Face id, but the package huggingface_hub is missing.",
            remedy="Run `pip install huggingface_hub`, or set encoders.model to a folder.",
        ) from error
    fetch: Callable[..., Any] = download or snapshot_download
    try:
        folder = Path(fetch(repo_id=hub_id, allow_patterns=_PATTERNS))
    except (HfHubHTTPError, HFValidationError, OSError) as error:
        raise EncoderUnavailableError(
            f"The model {hub_id} could not be downloaded: {error}", remedy=_REMEDY
        ) from error
    return read_model_folder(folder, hub_id)
