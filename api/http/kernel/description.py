"""Cleans up the API's description: one shape per command, one answer per kind of problem."""

import json
import re
from typing import Any

from api.http.kernel.acting import GRANT_HEADER
from api.http.kernel.downloads import XLSX
from api.http.kernel.lock import PUBLIC, takes_grant
from api.http.kernel.problem_kinds import ALL, PROBLEM_JSON, ProblemDetails
from api.http.kernel.signed_in import COOKIE

SCHEMAS = "#/components/schemas/"
SECURITY = {
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": COOKIE,
        "description": "The session that `POST /api/v1/sign-in` begins. Over TLS it is "
        "`__Host-annals`.",
    },
    "key": {
        "type": "http",
        "scheme": "bearer",
        "description": "A key: `annals_<8 hex>_<secret>`.",
    },
}
GRANT = {
    "name": GRANT_HEADER,
    "in": "header",
    "required": False,
    "schema": {"type": "string"},
    "description": "The grant under which a signed-in person acts; needed if several are in force.",
}


def tidied(described: dict[str, Any]) -> dict[str, Any]:
    """The description that we publish, from the one that FastAPI generates."""
    components = described["components"]
    shape = ProblemDetails.model_json_schema(ref_template=SCHEMAS + "{model}")
    components["schemas"] |= {**shape.pop("$defs", {}), "ProblemDetails": shape}
    components["responses"] = {f"problem-{status}": _problem(status) for status in STATUSES}
    components["securitySchemes"] = SECURITY
    components["parameters"] = {GRANT_HEADER: GRANT}
    described["security"] = [{name: []} for name in SECURITY]
    for address, path in described["paths"].items():
        for operation in path.values():
            _lock(address, operation)
            _refer_to_problems(operation["responses"])
            _refer_to_taken(operation, components["parameters"])
            for parameter in operation.get("parameters", ()):
                # FastAPI would answer 422 for a missing key; we have our own answer.
                if parameter.get("name") == "Idempotency-Key":
                    parameter["required"] = True
    described["tags"] = _tags_apart(described)
    named: dict[str, Any] = json.loads(_named_by_command(described))
    _keep_what_is_used(named)
    return named


def _tags_apart(described: dict[str, Any]) -> list[dict[str, str]]:
    """The tags, each with its English name, by which generators name modules, and its Chinese one
    as description; ours are written `中文 English`."""
    tags: dict[str, str] = {}
    for path in described["paths"].values():
        for operation in path.values():
            (tag,) = operation["tags"]
            chinese, _, name = tag.rpartition(" ")
            tags[name] = chinese
            operation["tags"] = [name]
    return [{"name": name, "description": chinese} for name, chinese in tags.items()]


STATUSES = sorted({kind.status for kind in ALL})


def _problem(status: int) -> dict[str, Any]:
    kinds = [kind for kind in ALL if kind.status == status]
    lines = [f"* `{kind.name}` {kind.title.zh}: {kind.meaning.en}" for kind in kinds]
    schema = {"$ref": SCHEMAS + "ProblemDetails"}
    return {"description": "\n".join(lines), "content": {PROBLEM_JSON: {"schema": schema}}}


def _lock(address: str, operation: dict[str, Any]) -> None:
    """Say who may use an operation, and what others are answered."""
    if address in PUBLIC:
        operation["security"] = []
        return
    if takes_grant(address):
        grant = {"$ref": f"#/components/parameters/{GRANT_HEADER}"}
        operation["parameters"] = [*operation.get("parameters", ()), grant]
    problem: dict[str, Any] = {"content": {PROBLEM_JSON: {}}}
    operation["responses"] |= {"401": problem, "403": problem}
    operation["responses"] = dict(sorted(operation["responses"].items()))


def _refer_to_problems(responses: dict[str, Any]) -> None:
    for status, response in responses.items():
        if PROBLEM_JSON in response.get("content", {}):
            responses[status] = {"$ref": f"#/components/responses/problem-{status}"}


def _refer_to_taken(operation: dict[str, Any], parameters: dict[str, Any]) -> None:
    """Say once how a list is taken as a file."""
    content = operation["responses"].get("200", {}).get("content", {})
    if {XLSX, "application/json"} <= content.keys():
        for place, each in enumerate(operation["parameters"]):
            if (name := each.get("name")) in ("format", "language"):
                parameters[name] = each
                operation["parameters"][place] = {"$ref": f"#/components/parameters/{name}"}


def _named_by_command(described: dict[str, Any]) -> str:
    """The request shape of each command, renamed to the command's name, which clients know."""
    schemas = described["components"]["schemas"]
    for name in list(schemas):
        if found := re.fullmatch(r"CommandRequest_(\w+)_", name):
            schemas[found[1]] = schemas.pop(name)
    text = json.dumps(described, ensure_ascii=False)
    return re.sub(rf"{SCHEMAS}CommandRequest_(\w+)_(?=\")", rf"{SCHEMAS}\1", text)


def _keep_what_is_used(described: dict[str, Any]) -> None:
    schemas = described["components"]["schemas"]
    used: set[str] = set()
    ahead = _references({key: part for key, part in described.items() if key != "components"})
    ahead |= _references(described["components"]["responses"])
    while ahead:
        used |= ahead
        ahead = _references([schemas[name] for name in ahead]) - used
    described["components"]["schemas"] = {name: schemas[name] for name in sorted(used)}


def _references(part: Any) -> set[str]:
    return set(re.findall(rf'"{SCHEMAS}([^"]+)"', json.dumps(part)))
