"""Requests made from the API's own OpenAPI document, well-formed ones and others.

Whatever they are, the proxy answers as the document says, and never by a mistake of its own.
"""

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS

SECONDS = 30
LONGEST_ADDRESS = 60_000
"""Bytes up to which a request's first line is read: uvicorn gives up at 64 KiB."""
# An answer 503 or 504 is told of in the document, 500 nowhere.
CHECKED = (
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
)
REPEATABLY = settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.timeout(900)
def test_every_route_answers_as_its_document_says(proxy):
    document = requests.get(f"{proxy}/shop/openapi.json", timeout=SECONDS).json()
    schema = schemathesis.openapi.from_dict(document)
    checks = CHECKS.get_by_names(CHECKED)
    tried = []
    for result in schema.get_all_operations():
        operation = result.ok()
        well_formed, others = (
            operation.as_strategy(generation_mode=mode)
            for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
        )

        @REPEATABLY
        @given(case=st.one_of(well_formed, others))
        def answers_as_it_says(case):
            response = case.call(base_url=proxy, timeout=SECONDS)
            if len(response.request.url) > LONGEST_ADDRESS:
                # Refused by the server's parser before there is a request, in plain text.
                assert response.status_code == 400
                return
            case.validate_response(response, checks=checks)
            assert "internal_error" not in response.text

        answers_as_it_says()
        tried.append(operation.label)
    assert "GET /shop/search" in tried
