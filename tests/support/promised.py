"""What a handheld was answered, held against the document that its maker would read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

import httpx
from fastapi import FastAPI
from jsonschema_rs import Draft202012Validator

from sync_server.api.document import document


def as_promised(answer: httpx.Response) -> httpx.Response:
    """The answer itself, if the document says that it may look so."""
    method, path = answer.request.method, answer.request.url.path
    promised = _responses(method, path)
    said = promised.get(str(answer.status_code))
    assert said is not None, f"{method} {path} promises {sorted(promised)}, not {answer.status_code}"
    for name, header in said["headers"].items():
        if name in answer.headers or header["required"]:
            assert name in answer.headers, f"{method} {path} promises {name}"
            _hold(_read(answer.headers[name], header["schema"]), header["schema"])
    kind = answer.headers.get("content-type", "").partition(";")[0]
    content = said.get("content", {})
    if method == "HEAD" or (not answer.content and not content):
        return answer
    assert kind in content, f"{method} {path} promises {sorted(content)}, not {kind}"
    if kind.endswith("json"):
        _hold(answer.json(), content[kind]["schema"])
    return answer


@cache
def the_document() -> Mapping[str, Any]:
    """The document as it is served."""
    return document(FastAPI())


@cache
def _responses(method: str, path: str) -> Mapping[str, Any]:
    for template, operations in the_document()["paths"].items():
        if method.lower() in operations and re.fullmatch(re.sub(r"{\w+}", "[^/]+", template), path):
            found: Mapping[str, Any] = operations[method.lower()]["responses"]
            return found
    raise AssertionError(f"{method} {path} is not in the document")


def _hold(value: Any, schema: Mapping[str, Any]) -> None:
    whole = {**schema, "components": the_document()["components"]}
    Draft202012Validator(whole, validate_formats=True).validate(value)


def _read(text: str, schema: Mapping[str, Any]) -> Any:
    return int(text) if schema.get("type") == "integer" else text
