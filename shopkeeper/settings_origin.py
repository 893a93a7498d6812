"""Where a serving process got its settings from, so that it can read them again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from search_core.settings import Settings
from shopkeeper.configuration import SETTINGS_FILE, load_settings


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsOrigin:
    """A settings file, `--set` and flags. The environment is the process's own."""

    config: Path | None
    """`None`: `shopkeeper.toml` in the working folder, if there is one."""
    overrides: Mapping[str, Any] = field(default_factory=dict)
    """Dotted setting → value, of `--set`."""
    proxy_flags: Mapping[str, Any] = field(default_factory=dict)
    """Settings of `[query_proxy]` → value, of the command's own flags."""

    def load(self) -> Settings:
        """Read the settings as they are now.

        Raises:
            ConfigurationError: they cannot be used.
        """
        settings = load_settings(self.config, self.overrides)
        section = settings.query_proxy.model_copy(update=dict(self.proxy_flags))
        return settings.model_copy(update={"query_proxy": section})

    def files(self, settings: Settings) -> tuple[Path, ...]:
        """Return the files that settings come from, those that are missing included."""
        named = (settings.query_understanding.rules, settings.reranker.mixing_model)
        return (self.config or SETTINGS_FILE, *(each for each in named if each is not None))
