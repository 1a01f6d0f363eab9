"""The description of the interface, and everything that Schemathesis makes up from it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance
from starlette.testclient import TestClient

from limner.studio.access import AccessPolicy
from limner.studio.app import create_app
from limner.studio.context import StudioContext, StudioFolders
from limner.studio.limits import Limits
from limner.studio.model_library import ModelLibrary

EXAMPLES = 8
LOCAL = {"Host": "localhost"}


@pytest.fixture(scope="module")
def schema(library: ModelLibrary, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Return the description of a studio whose pieces of work may take two seconds."""
    kept: Path = tmp_path_factory.mktemp("kept")
    context = StudioContext(library, StudioFolders(kept), Limits(job_seconds=2.0, kept_drawings=50))
    app = create_app(context, AccessPolicy())
    yield schemathesis.openapi.from_asgi("/api/openapi.json", app, headers=LOCAL)
    context.close()


@pytest.mark.slow
def test_nothing_that_is_asked_breaks_the_server(schema: Any) -> None:
    """No server error, and every answer as it is described."""
    operations = [found.ok() for found in schema.get_all_operations()]
    assert len(operations) >= 11
    answered: set[tuple[str, bool]] = set()
    for operation in operations:

        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
            database=None,
        )
        @given(case=operation.as_strategy())
        def ask(case: Any) -> None:
            if isinstance(case.body, dict) and "model" in case.body:
                case.body["model"] = "doodles"  # else all would end at a model that is not there
            answer = case.call_and_validate(headers=LOCAL, excluded_checks=[positive_data_acceptance])
            answered.add((case.operation.path, answer.status_code == 200))

        ask()
    assert {"/api/export", "/api/keep", "/api/sample"} <= {path for path, done in answered if done}


@pytest.mark.slow
def test_what_is_described(client: TestClient) -> None:
    described = client.get("/api/openapi.json").json()
    assert described["info"]["title"] == "limner studio"
    for path, methods in described["paths"].items():
        assert path.startswith("/api/")
        for facts in methods.values():
            assert facts["summary"]
            assert facts["description"], path
            fault = facts["responses"]["422"]["content"]["application/json"]["schema"]["$ref"]
            assert fault.endswith("/ErrorAnswer")
    assert client.get("/docs").status_code == 404  # it would ask for scripts from outside
