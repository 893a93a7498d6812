"""Real Triton servers with a model that is made in the test, so that loading takes no time."""

import asyncio
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from artifacts import ArtifactStore, default_cache_dir
from reranker import (
    ModelRepository,
    Reranker,
    connect_model_server,
    create_reranker,
    publish_cross_encoder,
)
from reranker.testing import write_word_model
from search_core.settings import LocalStackSettings, RerankerSettings
from shopkeeper.local_stack import (
    TritonFolder,
    TritonStatus,
    running_triton,
    start_triton,
    stop_triton,
)


@dataclass
class LocalTriton:
    """A server of the test's own, which it may break."""

    settings: LocalStackSettings
    models: Path

    @property
    def repository(self) -> ModelRepository:
        return ModelRepository(self.folder.models)

    @property
    def folder(self) -> TritonFolder:
        return TritonFolder.of(self.settings)

    @property
    def status(self) -> TritonStatus:
        status = running_triton(self.settings)
        assert status is not None
        return status

    def start(self) -> TritonStatus:
        return start_triton(self.settings, self.repository.folder)

    def publish(self, name: str, **options: object):
        running = running_triton(self.settings)
        server = connect_model_server(running.url) if running else None
        folder = write_word_model(self.models / name, **options)
        return publish_cross_encoder(folder, self.repository, server)

    def stubs(self) -> list[psutil.Process]:
        """The processes that run the models."""
        prefix = self.folder.shared_memory_prefix
        return [
            each
            for each in psutil.process_iter(["name", "cmdline"])
            if "python_backend_stub" in each.info["name"]
            or any("python_backend_stub" in word for word in each.info["cmdline"] or ())
            if any(prefix in word for word in each.info["cmdline"] or ())
        ]

    def reranker(self, **settings: object) -> Reranker:
        given = {"kind": "triton", "url": self.status.url, "timeout_ms": 5_000, **settings}
        store = ArtifactStore(default_cache_dir())
        return create_reranker(RerankerSettings.model_validate(given), store)


def _make() -> LocalTriton:
    folder = Path(tempfile.mkdtemp(prefix="shopkeeper-test-"))
    settings = LocalStackSettings(data_dir=folder, start_timeout_seconds=180)
    return LocalTriton(settings=settings, models=folder / "exported")


@pytest.fixture
def triton() -> Iterator[LocalTriton]:
    """A running server with one model."""
    server = _make()
    server.publish("words", languages=["en"])
    server.start()
    try:
        yield server
    finally:
        stop_triton(server.settings)
        shutil.rmtree(server.settings.data_dir)


@pytest.fixture
def stopped_triton() -> Iterator[LocalTriton]:
    """A server that has not been started, without a model."""
    server = _make()
    try:
        yield server
    finally:
        stop_triton(server.settings)
        shutil.rmtree(server.settings.data_dir)


@pytest.fixture
def until() -> Callable[..., object]:
    """Waits until a condition holds, giving way to everything else meanwhile."""

    async def until(condition: Callable[[], bool], seconds: float = 30.0) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, "it did not happen in time"
            await asyncio.sleep(0.05)

    return until
