"""The node that runs on this machine."""

from pathlib import Path
from typing import Annotated

from pydantic import Field

from search_core.setting_choices import JavaSource
from search_core.settings.section import PositiveInt, Section


class LocalStackSettings(Section):
    """`[local_stack]`: the OpenSearch node that `shopkeeper up` runs on this machine."""

    cache_dir: Path | None = None
    """Downloads and vectors. Unset: the user's cache folder."""
    data_dir: Path | None = None
    """The node's data and logs. Unset: the user's data folder."""
    http_port: Annotated[int, Field(ge=0, le=65535)] = 0
    """0 takes 9200, or the next free port."""
    heap_mb: Annotated[int, Field(ge=256)] = 1024
    """The node's Java heap. 1 GB serves about a million products."""
    java: JavaSource = JavaSource.AUTO
    """`auto` takes an installed Java 21 or newer and downloads one (35 to 40 MB) where there is
    none; `installed` never downloads; `downloaded` is the same Java on every machine, but computes
    vector distances without the processor's SIMD instructions."""
    start_timeout_seconds: PositiveInt = 120
    """A node that is not healthy by then is stopped and its log named."""
