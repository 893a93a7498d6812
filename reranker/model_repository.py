"""Triton's model repository on disk: new versions in at once or not at all, and back again.

A version is a numbered folder; the server serves the highest one. It is made under a name that
Triton does not look at and renamed when it is whole, since a folder without `model.py` makes Triton
hang for ever.
"""

import logging
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import filelock

from reranker.cross_encoder import CARD_FILE
from search_core import RerankerError, RerankerModelError

_logger = logging.getLogger(__name__)

TEMPLATES = Path(__file__).parents[1] / "triton_models"
"""What ships with Shopkeeper: of each model the configuration and `model.py`, without weights."""

_CONFIGURATION = "config.pbtxt"
_NAME_LINE = re.compile(r'^name: ".*"$', re.MULTILINE)
_CODE = "model.py"
_KEPT_VERSIONS = 2
_READABLE = 0o755


class ModelServer(Protocol):
    """A running server that reads the repository."""

    def load(self, model: str, version: int) -> str:
        """Make a version live, prove it with one real inference, and return its model id.

        Raises:
            RerankerError: it did not load or does not answer. What served before still does.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedVersion:
    """What a publication or roll back came to."""

    model: str
    version: int
    model_id: str | None
    """What the server says; `None`: no server runs, it is served from the next start on."""


class ModelRepository:
    """One repository folder. Several processes may publish; they take turns."""

    def __init__(self, folder: Path, templates: Path = TEMPLATES) -> None:
        self._folder = folder
        self._templates = templates

    @property
    def folder(self) -> Path:
        """What Triton is given as `--model-repository`."""
        return self._folder

    def models(self) -> tuple[str, ...]:
        """Return the models that have a version."""
        if not self._folder.is_dir():
            return ()
        return tuple(sorted(each.name for each in self._folder.iterdir() if self._versions(each)))

    def versions(self, model: str) -> tuple[int, ...]:
        """Return the versions of a model, ascending; the last one serves."""
        return self._versions(self._folder / model)

    def version_folder(self, model: str, version: int) -> Path:
        """Return the folder of a version."""
        return self._folder / model / str(version)

    def publish(
        self,
        model: str,
        files: Mapping[str, Path],
        server: ModelServer | None,
        *,
        template: str | None = None,
    ) -> PublishedVersion:
        """Put a new version in, make it live, and keep the one before for a roll back.

        Args:
            model: its name.
            files: name in the version's folder → file to copy. They have been checked by the
                caller; `model.py` and the configuration come from the template.
            server: `None`: none runs.
            template: what is served like that; `None`: the template of the model's own name.

        Raises:
            RerankerModelError: the server refuses it (the version before still serves), the
                repository cannot be written, or the name is that of another template.
        """
        source = self._template(template or model)
        if source.name != model and (self._templates / model).is_dir():
            raise RerankerModelError(
                f"{model} is the name of another kind of model, not of a {source.name}",
                remedy="call it otherwise: reranker.triton_model",
            )
        with self._writing(model) as folder:
            version = max(_numbers(folder), default=0) + 1
            target = folder / str(version)
            self._build(source, folder, files).rename(target)
            try:
                model_id = server.load(model, version) if server else None
            except RerankerError as error:
                self._withdraw(model, target, server)
                raise RerankerModelError(
                    f"Triton refuses version {version} of {model}: {error.message}",
                    remedy="The version before serves on. Triton's log has the model's own error.",
                ) from error
            for old in self._versions(folder)[:-_KEPT_VERSIONS]:
                shutil.rmtree(folder / str(old))
        _logger.info("model_published model=%s version=%d model_id=%s", model, version, model_id)
        return PublishedVersion(model=model, version=version, model_id=model_id)

    def roll_back(self, model: str, server: ModelServer | None) -> PublishedVersion:
        """Take the newest version away, so that the one before serves.

        Raises:
            RerankerModelError: there is none before, or it does not load; then nothing changes.
        """
        nowhere = RerankerModelError(
            f"{model} has no version to roll back to in {self._folder}",
            remedy="publish another one: shopkeeper reranker publish FOLDER",
        )
        if not self.versions(model):
            raise nowhere  # before a folder is made for it
        with self._writing(model) as folder:
            versions = self._versions(folder)
            if len(versions) < _KEPT_VERSIONS:
                raise nowhere
            previous, newest = versions[-2], versions[-1]
            aside = folder / f".withdrawn-{newest}"
            (folder / str(newest)).rename(aside)
            try:
                model_id = server.load(model, previous) if server else None
            except RerankerError as error:
                aside.rename(folder / str(newest))
                raise RerankerModelError(
                    f"version {previous} of {model} does not load: {error.message}",
                    remedy=f"Version {newest} serves on.",
                ) from error
            shutil.rmtree(aside)
        _logger.info("model_rolled_back model=%s version=%d", model, previous)
        return PublishedVersion(model=model, version=previous, model_id=model_id)

    def _template(self, name: str) -> Path:
        folder = self._templates / name
        if not (folder / _CONFIGURATION).is_file():
            raise RerankerModelError(
                f"there is no model {name!r} to publish for",
                remedy=f"known are {', '.join(sorted(_names(self._templates)))}",
            )
        return folder

    def _build(self, template: Path, folder: Path, files: Mapping[str, Path]) -> Path:
        configuration = folder / _CONFIGURATION
        if not configuration.exists():
            # Triton refuses a name that is not the folder's.
            text = (template / _CONFIGURATION).read_text(encoding="utf-8")
            named = _NAME_LINE.sub(f'name: "{folder.name}"', text, count=1)
            configuration.write_text(named, encoding="utf-8")
        building = Path(tempfile.mkdtemp(prefix=".staging-", dir=folder))
        # Triton in a container runs as another account.
        building.chmod(_READABLE)
        try:
            for name, source in {_CODE: template / "1" / _CODE, **files}.items():
                shutil.copyfile(source, building / name)
        except BaseException:
            shutil.rmtree(building, ignore_errors=True)
            raise
        return building

    def _withdraw(self, model: str, target: Path, server: ModelServer | None) -> None:
        """Delete a refused version, and have the one before loaded again, which still serves."""
        shutil.rmtree(target)
        versions = self._versions(target.parent)
        if not versions or server is None:
            return
        try:
            server.load(model, versions[-1])
        except RerankerError as error:
            _logger.warning("reload_failed model=%s reason=%s", model, error.message)

    @contextmanager
    def _writing(self, model: str) -> Iterator[Path]:
        folder = self._folder / model
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with filelock.FileLock(folder / ".lock"):
                yield folder
        except OSError as error:
            raise RerankerModelError(
                f"the model repository {self._folder} cannot be written: {error}",
                remedy="choose another reranker.repository, or run the command as its owner",
            ) from error

    @staticmethod
    def _versions(folder: Path) -> tuple[int, ...]:
        """Return the published versions: a template's folder has no card."""
        return tuple(
            each for each in _numbers(folder) if (folder / str(each) / CARD_FILE).is_file()
        )


def _numbers(folder: Path) -> tuple[int, ...]:
    """Return the numbered folders, ascending. Triton ignores a number that starts with 0 too."""
    if not folder.is_dir():
        return ()
    numbers = [int(each.name) for each in folder.iterdir() if each.name.isdecimal()]
    return tuple(sorted(number for number in numbers if (folder / str(number)).is_dir()))


def _names(templates: Path) -> list[str]:
    return [each.parent.name for each in templates.glob(f"*/{_CONFIGURATION}")]
