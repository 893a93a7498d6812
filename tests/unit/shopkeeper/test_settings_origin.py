from pathlib import Path

from search_core.settings import Settings
from shopkeeper.settings_origin import SettingsOrigin


def test_every_file_that_a_search_depends_on_is_watched():
    settings = Settings.model_validate(
        {"query_understanding": {"rules": "rules.txt"}, "reranker": {"mixing_model": "mixing.json"}}
    )
    assert SettingsOrigin(config=Path("shop.toml")).files(settings) == (
        Path("shop.toml"),
        Path("rules.txt"),
        Path("mixing.json"),
    )


def test_without_any_the_usual_settings_file_is_watched():
    assert SettingsOrigin(config=None).files(Settings()) == (Path("shopkeeper.toml"),)
