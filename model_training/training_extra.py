"""Says what to install where a model is to be trained and cannot be."""

from importlib import import_module

from search_core import ConfigurationError

_PACKAGES = ("datasets", "onnx", "peft", "sentence_transformers", "torch", "transformers")


def require_training_extra() -> None:
    """Import the packages of the extra `train`, before any work that would be lost without them.

    Raises:
        ConfigurationError: one of them is not installed.
    """
    for package in _PACKAGES:
        try:
            import_module(package)
        except ModuleNotFoundError as error:
            raise ConfigurationError(
                f"training needs {error.name}, which is not installed",
                remedy="pip install '.[train]' in Shopkeeper's folder",
            ) from error
