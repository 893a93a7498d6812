"""Runs the REST test suite that OpenSearch's own is descended from, against any address.

Each test is a list of steps in YAML: requests, named as in the suite's API files, and what their
answers have to be. What a test comes to is told step by step, so that two addresses can be compared
whatever the version of the suite expects of the node.

Source: the suite is the Maven artefact `org.elasticsearch:rest-api-spec:7.10.2` (Apache-2.0), the
last one before OpenSearch was made of that code; OpenSearch publishes none of its own.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import requests
import yaml

from artifacts import MavenArtifact

SUITE = MavenArtifact(
    group="org.elasticsearch",
    artifact="rest-api-spec",
    version="7.10.2",
    sha256="142f3c90c1dba2e206476e7775bfbac387dce07e3edc822b2b2b82d2ee541249",
)
_MISSING = object()
_PART = re.compile(r"(?:\\.|[^.\\])+")
_BODIES_OF_LINES = frozenset({"bulk", "msearch", "msearch_template"})
_EXPECTED = {
    "bad_request": 400,
    "unauthorized": 401,
    "forbidden": 403,
    "missing": 404,
    "request_timeout": 408,
    "conflict": 409,
    "unavailable": 503,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SuiteTest:
    """One test of the suite."""

    name: str
    steps: tuple[Mapping[str, Any], ...]
    """Those of the file's set-up first."""


class Suite:
    """The unpacked suite."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "rest-api-spec"

    def tests(self, *areas: str) -> list[SuiteTest]:
        """Return the tests of some folders, without those of mapping types, which are no more."""
        found: list[SuiteTest] = []
        for area in areas:
            for file in sorted((self._folder / "test" / area).glob("*.yml")):
                if "type" not in file.stem:
                    found += self._read(file)
        return found

    def request(self, api: str, arguments: Mapping[str, Any]) -> tuple[str, str, bytes | None]:
        """Return method, target and body of a request."""
        described = self._apis[api]
        given = {key: value for key, value in arguments.items() if key != "body"}
        paths = [
            path
            for path in described["url"]["paths"]
            if set(path.get("parts", {})) <= given.keys() and not path.get("deprecated")
        ]
        path = max(paths, key=lambda each: len(each.get("parts", {})))
        target = path["path"]
        for part in path.get("parts", {}):
            target = target.replace(f"{{{part}}}", quote(_joined(given.pop(part)), safe=",*"))
        query = urlencode({key: _joined(value) for key, value in given.items()})
        body = _body(api, arguments.get("body"))
        methods = path["methods"]
        method = "POST" if body is not None and "POST" in methods else methods[0]
        return method, f"{target}?{query}" if query else target, body

    @cached_property
    def _apis(self) -> dict[str, Any]:
        apis: dict[str, Any] = {}
        for file in (self._folder / "api").glob("*.json"):
            apis |= json.loads(file.read_text(encoding="utf-8"))
        return apis

    def _read(self, file: Path) -> list[SuiteTest]:
        setup: list[Mapping[str, Any]] = []
        tests = []
        for document in yaml.safe_load_all(file.read_text(encoding="utf-8")):
            for name, steps in (document or {}).items():
                if name == "setup":
                    setup = steps
                elif name != "teardown":
                    place = f"{file.parent.name}/{file.stem}: {name}"
                    tests.append(SuiteTest(name=place, steps=(*setup, *steps)))
        return tests


@dataclass(slots=True)
class SuiteRun:
    """One run of one test against one address."""

    suite: Suite
    address: str
    session: requests.Session
    stashed: dict[str, Any] = field(default_factory=dict)
    answer: Any = None

    def outcome(self, test: SuiteTest) -> tuple[str, ...]:
        """Run a test and return how each of its steps went, with the status of each answer."""
        return tuple(told for step in test.steps for told in self._step(step))

    def _step(self, step: Mapping[str, Any]) -> Iterator[str]:
        for kind, detail in step.items():
            if kind == "do":
                yield self._asked(dict(detail))
            elif kind == "set":
                for path, name in detail.items():
                    self.stashed[name] = self._value(path)
            elif kind != "skip":
                yield f"{kind} {self._holds(kind, detail)}"

    def _asked(self, detail: dict[str, Any]) -> str:
        catch, headers = detail.pop("catch", None), detail.pop("headers", {})
        for option in ("warnings", "allowed_warnings", "node_selector"):
            detail.pop(option, None)
        ((api, arguments),) = detail.items()
        try:
            method, target, body = self.suite.request(api, self._filled(arguments or {}))
        except (KeyError, ValueError):
            return f"{api} is not to be asked so"
        lines = api in _BODIES_OF_LINES
        content = {"content-type": "application/x-ndjson" if lines else "application/json"}
        answer = self.session.request(
            method, self.address + target, data=body, headers={**content, **headers}, timeout=60
        )
        self.answer = _parsed(answer)
        if catch is None:
            return f"{api} {answer.status_code}"
        expected = _EXPECTED.get(catch)
        caught = answer.status_code == expected if expected else answer.status_code >= 400
        return f"{api} {answer.status_code} caught {caught}"

    def _holds(self, kind: str, detail: Any) -> bool:
        if kind in ("is_true", "is_false"):
            value = self._value(detail)
            false = value in (_MISSING, None, False, "", 0, "false", "0")
            return false if kind == "is_false" else not false
        ((path, expected),) = detail.items()
        value, expected = self._value(path), self._filled(expected)
        if kind == "length":
            return hasattr(value, "__len__") and len(value) == expected
        if kind == "match":
            return _matches(value, expected)
        if kind == "contains":
            return hasattr(value, "__contains__") and expected in value
        compared = {
            "gt": lambda: value > expected,
            "gte": lambda: value >= expected,
            "lt": lambda: value < expected,
            "lte": lambda: value <= expected,
        }
        return isinstance(value, int | float) and compared[kind]()

    def _value(self, path: Any) -> Any:
        if path in ("$body", ""):
            return self.answer
        value = self.answer
        for raw in _PART.findall(str(path)):
            part = raw.replace("\\.", ".")
            part = str(self.stashed.get(part.removeprefix("$"), part)) if part[0] == "$" else part
            if isinstance(value, Mapping) and part in value:
                value = value[part]
            elif isinstance(value, list) and part.isdecimal() and int(part) < len(value):
                value = value[int(part)]
            else:
                return _MISSING
        return value

    def _filled(self, value: Any) -> Any:
        if isinstance(value, str):
            name = value.strip("${}")
            return self.stashed[name] if value[:1] == "$" and name in self.stashed else value
        if isinstance(value, Mapping):
            return {key: self._filled(each) for key, each in value.items()}
        return [self._filled(each) for each in value] if isinstance(value, list) else value


def _matches(value: Any, expected: Any) -> bool:
    if isinstance(expected, str) and re.fullmatch(r"\s*/.*/\s*", expected, re.DOTALL):
        pattern = expected.strip()[1:-1]
        return re.search(pattern, str(value), re.VERBOSE | re.DOTALL) is not None
    return bool(value == expected)


def _joined(value: Any) -> str:
    if isinstance(value, list):
        return ",".join(map(_joined, value))
    return str(value).lower() if isinstance(value, bool) else str(value)


def _body(api: str, body: Any) -> bytes | None:
    if body is None:
        return None
    if isinstance(body, str):
        return body.encode()
    if api in _BODIES_OF_LINES and isinstance(body, list):
        lines = [each.strip() if isinstance(each, str) else json.dumps(each) for each in body]
        return ("\n".join(lines) + "\n").encode()
    return json.dumps(body, default=str).encode()


def _parsed(answer: requests.Response) -> Any:
    try:
        return answer.json()
    except ValueError:
        return answer.text or (answer.status_code < 400)
