"""Whether a worker runs on the settings as they are in their files."""

from datetime import UTC, datetime

from search_core import ShopkeeperError


class SettingsState:
    """What became of the last look at the settings. One instance a worker."""

    def __init__(self) -> None:
        self.loaded_at = datetime.now(UTC)
        """When the settings in force were read."""
        self.reloads = 0
        """Times that they were replaced since the start."""
        self.failure: ShopkeeperError | None = None
        """Why the newest cannot be used, so that those before stay in force; `None`: they are in
        force."""

    def replaced(self) -> None:
        """Note that new settings are in force."""
        self.loaded_at = datetime.now(UTC)
        self.reloads += 1
        self.failure = None

    def refused(self, failure: ShopkeeperError) -> None:
        """Note that new settings cannot be used."""
        self.failure = failure

    @property
    def word(self) -> str:
        """`current`, or `stale` where newer settings cannot be used."""
        return "current" if self.failure is None else "stale"
