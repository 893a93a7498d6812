from dataclasses import replace
from pathlib import Path

import orjson
import pytest

from indexer import CatalogSchema, FieldRole, open_catalog, read_language
from indexer.catalog_plan import plan_catalog
from search_core import CatalogSchemaError

SCHEMA = CatalogSchema(fields={FieldRole.ID: ("id",), FieldRole.TITLE: ("title",)})


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    path = tmp_path / "products.jsonl"
    rows = [
        {"id": str(n), "title": f"Wooden dining table for six people with drawer number {n}"}
        for n in range(20)
    ]
    path.write_bytes(b"".join(orjson.dumps(row) + b"\n" for row in rows))
    return path


def test_schema_and_languages_are_found_out(catalogue: Path) -> None:
    plan = plan_catalog(open_catalog(catalogue), None, None)
    assert plan.inferred
    assert plan.schema.of(FieldRole.TITLE) == ("title",)
    assert list(plan.languages) == ["en"]


def test_a_given_language_goes_before_the_one_that_was_found(catalogue: Path) -> None:
    plan = plan_catalog(open_catalog(catalogue), None, "de")
    assert list(plan.languages) == ["de"]
    assert plan.schema.languages == ("de",)


def test_a_given_language_answers_the_question_that_was_found(tmp_path: Path) -> None:
    path = tmp_path / "parts.csv"
    titles = [f"red garden chair with oak legs {n}" for n in range(20)]
    titles += [f"红色纯棉台灯带开关{n}" for n in range(20)]
    path.write_text("id,title\n" + "".join(f"{n},{t}\n" for n, t in enumerate(titles)), "utf-8")
    unasked = plan_catalog(open_catalog(path), None, None)
    assert any("several languages" in warning for warning in unasked.warnings)
    told = plan_catalog(open_catalog(path), None, "en")
    assert not any("several languages" in warning for warning in told.warnings)
    assert told.languages == {"en": 1.0}


def test_a_given_schema_is_taken(catalogue: Path) -> None:
    plan = plan_catalog(open_catalog(catalogue), replace(SCHEMA, languages=("zh",)), None)
    assert not plan.inferred
    assert list(plan.languages) == ["zh"]


def test_the_digest_changes_with_the_schema_only(catalogue: Path) -> None:
    def digest(schema: CatalogSchema) -> str:
        return plan_catalog(open_catalog(catalogue), schema, None).schema_digest

    assert digest(SCHEMA) == digest(replace(SCHEMA))
    assert digest(SCHEMA) != digest(replace(SCHEMA, currency="EUR"))


@pytest.mark.parametrize("code", ["", "eng", "e1", "英文"])
def test_what_is_no_language_code_is_refused(code: str) -> None:
    with pytest.raises(CatalogSchemaError, match="is no language"):
        read_language(code)


def test_language_codes_are_taken_in_any_case() -> None:
    assert read_language("EN") == "en"
