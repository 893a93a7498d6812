"""What Shopkeeper keeps on disk so as not to compute or ask it again."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from search_core.settings import Settings


class _Size(Protocol):
    @property
    def entries(self) -> int: ...
    @property
    def size_bytes(self) -> int: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptCache:
    """One of the caches: `vectors` of texts, or `answers` of language models."""

    name: str
    limit_bytes: int
    """What it does not exceed by itself."""
    size: Callable[[], _Size]
    prune: Callable[[int, float | None], int]
    """Takes the bytes that may remain, and the second since which what stays must have been used;
    returns how many entries were dropped."""


def kept_caches(settings: Settings) -> tuple[KeptCache, ...]:
    """Return every cache, below the folder of `local_stack.cache_dir`."""
    from encoders import VectorCache  # noqa: PLC0415 - loads ONNX Runtime
    from language_models import answer_cache  # noqa: PLC0415
    from shopkeeper.composition import cache_dir  # noqa: PLC0415

    root = cache_dir(settings)
    vectors = VectorCache(root / "vectors", settings.encoders.cache_max_bytes)
    answers = answer_cache(settings.llm, root)
    return (
        KeptCache(
            name="vectors",
            limit_bytes=settings.encoders.cache_max_bytes,
            size=vectors.stats,
            prune=vectors.prune,
        ),
        KeptCache(
            name="answers",
            limit_bytes=settings.llm.cache_max_bytes,
            size=answers.stats,
            prune=answers.prune,
        ),
    )
