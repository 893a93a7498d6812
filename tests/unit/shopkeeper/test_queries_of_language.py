import pytest

from evaluation import JudgedQuery, Judgment, Judgments
from search_core import ConfigurationError
from search_core.settings import Settings
from shopkeeper.queries_of_language import queries_of_language

QUERIES = ("red dress", "電話", "赤いドレス")


def asked_of(code, *, models):
    judgments = Judgments.of(
        Judgment(query=JudgedQuery(text=text), product_id="1", grade=3) for text in QUERIES
    )
    settings = Settings.model_validate(
        {
            # No catalogue says what the queries are written in: their letters decide.
            "query_understanding": {"enabled": False},
            "reranker": {"models": dict.fromkeys(models, "models/mine")},
        }
    )
    kept = queries_of_language(judgments, code, "products", settings)
    return [query.text for query in kept.queries]


def test_the_queries_are_those_that_a_search_gives_to_the_languages_model():
    assert asked_of("ja", models=["ja"]) == ["電話", "赤いドレス"]
    assert asked_of("ja", models=[]) == ["電話", "赤いドレス"]


def test_of_two_languages_with_the_same_letters_the_first_of_the_settings_has_them():
    assert asked_of("ja", models=["zh", "ja"]) == ["赤いドレス"]
    assert asked_of("zh", models=["zh", "ja"]) == ["電話"]


def test_a_language_without_judged_queries_is_told():
    with pytest.raises(ConfigurationError, match=r"none of the 3 judged queries .* language de"):
        asked_of("de", models=["de"])
