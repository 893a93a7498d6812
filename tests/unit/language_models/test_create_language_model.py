import subprocess
import sys
import textwrap

import pytest
from pydantic import ValidationError

from language_models import create_language_model
from search_core.settings import LlmSettings


def test_without_an_address_there_is_no_language_model(tmp_path):
    assert create_language_model(LlmSettings(), tmp_path) is None


def test_the_identity_changes_with_whatever_changes_answers(tmp_path):
    common = {"base_url": "http://127.0.0.1:1/v1", "model": "m1"}
    variants = [
        {},
        {"model": "m2"},
        {"base_url": "http://127.0.0.1:2/v1"},
        {"temperature": 0.5},
        {"seed": 1},
        {"send_sampling": False},
    ]
    identities = set()
    for variant in variants:
        model = create_language_model(LlmSettings(**{**common, **variant}), tmp_path)
        identities.add(model.identity)
        model.close()
    assert len(identities) == len(variants)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"base_url": "http://localhost/v1"}, "llm.model"),
        ({"base_url": "localhost:8000", "model": "m"}, "base_url"),
        ({"max_cost": 1.0}, "llm.input_price"),
        ({"max_cost": 1.0, "input_price": 1.0}, "llm.output_price"),
        ({"max_cost": 0, "input_price": 1.0, "output_price": 1.0}, "max_cost"),
    ],
)
def test_settings_that_cannot_work_are_refused(settings, words):
    with pytest.raises(ValidationError, match=words):
        LlmSettings(**settings)


@pytest.mark.parametrize("missing", ["openai", "aiolimiter"])
def test_a_missing_package_is_named_with_its_extra(tmp_path, missing):
    program = textwrap.dedent(
        f"""
        import sys
        from pathlib import Path
        sys.modules[{missing!r}] = None
        from language_models import create_language_model
        from search_core import ConfigurationError
        from search_core.settings import LlmSettings
        try:
            create_language_model(
                LlmSettings(base_url="http://127.0.0.1:1/v1", model="m", requests_per_minute=9),
                Path(sys.argv[1]),
            )
        except ConfigurationError as error:
            print(error)
        """
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert f"needs the package {missing}" in done.stdout
    assert "pip install '.[llm]' in Shopkeeper's folder" in done.stdout


def test_the_package_loads_nothing_of_the_extra():
    program = (
        "import sys, language_models; "
        "print(sorted({'openai', 'tenacity', 'aiolimiter'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
