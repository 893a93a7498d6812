import pytest

from indexer.generation_checks import CheckResult, require_passed
from search_core import GenerationCheckError


def test_a_generation_that_passed_every_check_is_let_through() -> None:
    require_passed("products-1", [CheckResult(name="mapping", passed=True, message="as asked")])


def test_the_error_names_each_failed_check_and_each_remedy_once() -> None:
    results = [
        CheckResult(name="document_count", passed=False, message="9 of 10", remedy="run again"),
        CheckResult(name="mapping", passed=True, message="as asked"),
        CheckResult(name="size", passed=False, message="9 after 90", remedy="run again"),
    ]
    with pytest.raises(GenerationCheckError) as caught:
        require_passed("products-1", results)
    assert str(caught.value) == (
        "products-1 does not go live: document_count: 9 of 10; size: 9 after 90\n  → run again"
    )
