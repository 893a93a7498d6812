"""What `shopkeeper doctor` looks at: each check says ok, warning or failed, and what to do."""

import importlib.metadata
import platform
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from search_core import EncoderIdentity, ShopkeeperError
from search_core.settings import JavaSource, Settings
from shopkeeper.composition import artifact_store, cache_dir, search_engine_settings

if TYPE_CHECKING:
    from opensearchpy import OpenSearch

_OLDEST_OPENSEARCH = (2, 15)
"""The oldest that the legs' queries were written for: efficient k-NN filters with lucene."""
_ROOM_BYTES = 3_000_000_000
"""Node, models and a catalogue of a few hundred thousand products."""
_PACKAGES = ("opensearch-py", "onnxruntime", "tokenizers", "numpy", "pyarrow")


class State(StrEnum):
    """The outcome of a check."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """One line of the report."""

    name: str
    state: State
    detail: str


def run_checks(settings: Settings) -> tuple[CheckResult, ...]:
    """Run every check; one that raises is a failed one, with the error's message."""
    results: list[CheckResult] = []
    for name, check in _CHECKS.items():
        try:
            results += check(settings)
        except ShopkeeperError as error:
            results.append(CheckResult(name=name, state=State.FAILED, detail=str(error)))
    return tuple(results)


def _python(settings: Settings) -> Iterator[CheckResult]:
    del settings
    yield CheckResult(
        name="python",
        state=State.OK,
        detail=f"{platform.python_version()} on {platform.system()} {platform.machine()}",
    )
    versions = [f"{name} {importlib.metadata.version(name)}" for name in _PACKAGES]
    yield CheckResult(name="packages", state=State.OK, detail=", ".join(versions))
    heavy = sorted({"torch", "transformers"} & set(sys.modules))
    yield CheckResult(
        name="serving without torch",
        state=State.WARNING if heavy else State.OK,
        detail=f"loaded: {', '.join(heavy)}" if heavy else "not loaded",
    )


def _inference(settings: Settings) -> Iterator[CheckResult]:
    import onnxruntime  # noqa: PLC0415 - a check loads what it checks

    from encoders import MODEL_PAIRS, NAMED_MODELS  # noqa: PLC0415

    del settings
    providers = ", ".join(onnxruntime.get_available_providers())
    yield CheckResult(name="inference", state=State.OK, detail=providers)
    models = ", ".join(f"{name} ({'/'.join(m.languages)})" for name, m in NAMED_MODELS.items())
    models += ", " + ", ".join(f"{pair} (two models)" for pair in MODEL_PAIRS)
    yield CheckResult(name="named models", state=State.OK, detail=models)


def _disk(settings: Settings) -> Iterator[CheckResult]:
    folder = cache_dir(settings)
    existing = next(each for each in (folder, *folder.parents) if each.exists())
    free = shutil.disk_usage(existing).free
    enough = free >= _ROOM_BYTES
    yield CheckResult(
        name="cache folder",
        state=State.OK if enough else State.WARNING,
        detail=f"{folder}, {free / 1e9:.1f} GB free"
        + ("" if enough else f"; {_ROOM_BYTES / 1e9:.0f} GB are advised"),
    )
    yield _vector_cache(settings)


def _vector_cache(settings: Settings) -> CheckResult:
    from encoders import VectorCache  # noqa: PLC0415

    limit = settings.encoders.cache_max_bytes
    if limit == 0:
        return CheckResult(name="vector cache", state=State.OK, detail="switched off")
    size = VectorCache(cache_dir(settings) / "vectors", limit).stats()
    detail = f"{size.entries:,} vectors, {size.size_bytes / 1e6:.0f} MB of {limit / 1e6:,.0f} MB"
    return CheckResult(name="vector cache", state=State.OK, detail=detail)


def _java(settings: Settings) -> Iterator[CheckResult]:
    import os  # noqa: PLC0415

    from search_core import JavaNotFoundError  # noqa: PLC0415
    from shopkeeper.local_stack.java import find_java  # noqa: PLC0415

    try:
        java = find_java(
            JavaSource.INSTALLED,
            store=artifact_store(settings),
            account=None,
            environment=os.environ,
        )
    except JavaNotFoundError:
        yield CheckResult(
            name="java", state=State.OK, detail="none installed; `shopkeeper up` downloads one"
        )
        return
    simd = "with SIMD for vectors" if java.has_vector_module else "without SIMD for vectors"
    yield CheckResult(name="java", state=State.OK, detail=f"{java.version} in {java.home}, {simd}")


def _opensearch(settings: Settings) -> Iterator[CheckResult]:
    from search_engine import connect, translated_errors  # noqa: PLC0415

    reached = search_engine_settings(settings)
    client = connect(reached)
    try:
        with translated_errors():
            version = client.info()["version"]["number"]
        known = tuple(int(part) for part in version.split(".")[:2])
        yield CheckResult(
            name="opensearch",
            state=State.OK if known >= _OLDEST_OPENSEARCH else State.WARNING,
            detail=f"{version} at {reached.url}",
        )
        yield _knn(client)
        yield from _indices(client, settings)
    finally:
        client.close()


def _knn(client: "OpenSearch") -> CheckResult:
    from search_engine import translated_errors  # noqa: PLC0415

    with translated_errors():
        plugins = client.cat.plugins(params={"format": "json"})
    knn = sorted({each["version"] for each in plugins if each["component"] == "opensearch-knn"})
    if knn:
        return CheckResult(name="k-NN plugin", state=State.OK, detail=", ".join(knn))
    return CheckResult(
        name="k-NN plugin",
        state=State.FAILED,
        detail="not installed: no vectors. Install opensearch-knn on every node, or set "
        "retrieval.dense=false and encoders.model=none.",
    )


def _indices(client: "OpenSearch", settings: Settings) -> Iterator[CheckResult]:
    from encoders import encoder_for_model_id  # noqa: PLC0415
    from search_engine import description_of, translated_errors  # noqa: PLC0415

    with translated_errors():
        mappings = client.indices.get_mapping(index="*")
    encoders: dict[EncoderIdentity, list[str]] = {}
    for name, body in sorted(mappings.items()):
        description = description_of(body["mappings"])
        if description is not None and description.encoder is not None:
            encoders.setdefault(description.encoder, []).append(name)
    for identity, names in encoders.items():
        try:
            encoder_for_model_id(identity.model_id, settings.encoders, artifact_store(settings))
        except ShopkeeperError as error:
            state, words = State.FAILED, str(error)
        else:
            state, words = State.OK, "loads"
        yield CheckResult(
            name=f"encoder of {names[0]}"
            + (f" and {more} more" if (more := len(names) - 1) else ""),
            state=state,
            detail=f"{identity.model_id}: {words}",
        )


_CHECKS: dict[str, Callable[[Settings], Iterator[CheckResult]]] = {
    "python": _python,
    "inference": _inference,
    "cache folder": _disk,
    "java": _java,
    "opensearch": _opensearch,
}
