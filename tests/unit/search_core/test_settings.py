from pathlib import Path

import pytest
from pydantic import BaseModel, ValidationError

from search_core.settings import Settings

DOCS = Path(__file__).parents[3] / "docs" / "settings.md"


def every_field(model=Settings, prefix=""):
    for name, field in model.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from every_field(kind, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", field


def test_every_setting_says_what_changes_when_it_moves():
    assert [name for name, field in every_field() if not field.description] == []


def test_every_setting_has_its_entry_in_the_docs():
    text = DOCS.read_text(encoding="utf-8")
    assert [name for name, _ in every_field() if f"`{name}`" not in text] == []


def test_the_defaults_are_valid():
    assert Settings().retrieval.fusion.rank_constant == 60


def test_unknown_keys_are_refused():
    with pytest.raises(ValidationError):
        Settings.model_validate({"retrieval": {"dens": True}})


def test_settings_do_not_change():
    with pytest.raises(ValidationError):
        Settings().retrieval.dense = False  # type: ignore[misc]


def test_the_settings_page_is_what_the_settings_say():
    from tools.settings_reference import settings_reference

    assert DOCS.read_text(encoding="utf-8") == settings_reference()


def test_a_file_that_sets_one_boost_leaves_the_others_as_they_are():
    settings = Settings.model_validate({"retrieval": {"all_terms_boosts": {"tags": 0.0}}})
    assert settings.retrieval.all_terms_boosts.tags == 0.0
    assert settings.retrieval.all_terms_boosts == Settings().retrieval.all_terms_boosts.model_copy(
        update={"tags": 0.0}
    )
