"""Operations as our own API description has them, in the form that command line options need.

It knows no operation by name and loads no app: it reads the stored description.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Literal, NamedTuple

from api.http.openapi import kept

Schema = Mapping[str, Any]
Place = Literal["path", "query", "body"]
JSON = "application/json"
FORM = "multipart/form-data"
GRANT = "Annals-Authority"
KEY = "Idempotency-Key"
VERSION = "If-Match"
NESTED = frozenset({"object", "array"})
TYPES: dict[type, str] = {
    bool: "boolean",
    int: "integer",
    float: "number",
    str: "string",
    dict: "object",
    list: "array",
}
ANYTHING = frozenset(TYPES.values())


class Field(NamedTuple):
    """A parameter or a field of the body, given by one option, perhaps repeated."""

    name: str
    place: Place
    required: bool
    many: bool
    nullable: bool
    types: frozenset[str]
    schema: Schema
    description: str

    @property
    def option(self) -> str:
        """The option's name, without its dashes."""
        return self.name.replace("_", "-")

    @property
    def flag(self) -> bool:
        """Whether it is a flag: `--survives`, `--no-survives`."""
        return self.types == {"boolean"} and not self.many

    @property
    def file(self) -> bool:
        """Whether it is the content of a file, sent as it is."""
        return self.schema.get("format") == "binary" or "contentMediaType" in self.schema


OptionValues = list[tuple[Field, Any]]  # a flag is a boolean, a repeated option a list of texts


class Operation(NamedTuple):
    """One operation: its address, its fields, and an example body."""

    name: str
    method: str
    path: str
    tag: str
    summary: str
    description: str
    fields: tuple[Field, ...]
    headers: frozenset[str]
    content: tuple[str, ...]
    example: Any

    @property
    def subject(self) -> str:
        """The first part of its name."""
        return self.name.partition(".")[0]

    @property
    def takes_grant(self) -> bool:
        """Whether it is answered under a grant of whoever asks."""
        return GRANT in self.headers

    @property
    def reads_models(self) -> bool:
        """Whether it is answered from the read models, for which a caller can wait."""
        return any(field.name == "after_position" for field in self.fields)

    @property
    def is_list(self) -> bool:
        """Whether it answers in pages."""
        return self.field("limit", "query") is not None

    def field(self, name: str, *places: Place) -> Field | None:
        """The field of this name in one of these places."""
        return next((f for f in self.fields if f.name == name and f.place in places), None)


@cache
def operations() -> dict[str, Operation]:
    """All operations of our own description by name."""
    return operations_of(kept())


def operations_of(document: Schema) -> dict[str, Operation]:
    """All operations of a description by name, in its order of subjects."""
    titles = {tag["name"]: tag.get("description", "") for tag in document.get("tags", ())}
    found = [
        _operation(document, titles, path, method, each)
        for path, methods in document["paths"].items()
        for method, each in methods.items()
    ]
    order = {tag: number for number, tag in enumerate(dict.fromkeys(op.tag for op in found))}
    return {op.name: op for op in sorted(found, key=lambda op: order[op.tag])}


def _operation(
    document: Schema, titles: Mapping[str, str], path: str, method: str, operation: Schema
) -> Operation:
    content: Schema = operation.get("requestBody", {}).get("content", {})
    media: Schema = next(iter(content.values()), {})
    body = _resolved(document, media.get("schema", {}))
    parameters = [_part(document, each) for each in operation.get("parameters", ())]
    tag = operation.get("tags", ["–"])[0]
    return Operation(
        name=operation["operationId"],
        method=method.upper(),
        path=path,
        tag=f"{titles.get(tag, '')} {tag}".lstrip(),
        summary=operation.get("summary", ""),
        description=operation.get("description", ""),
        fields=(
            *_parameters(document, parameters),
            *_members(document, body if {JSON, FORM} & {*content} else {}),
        ),
        headers=frozenset(p["name"] for p in parameters if p["in"] == "header"),
        content=tuple(content),
        example=next(iter(body.get("examples", ())), None),
    )


def _parameters(document: Schema, parameters: Any) -> Iterator[Field]:
    for each in parameters:
        if each["in"] in ("path", "query"):
            schema = {"description": each.get("description", ""), **each["schema"]}
            yield _field(
                document, each["name"], each["in"], schema, required=each.get("required", False)
            )


def _members(document: Schema, body: Schema) -> Iterator[Field]:
    required = body.get("required", ())
    for name, schema in body.get("properties", {}).items():
        yield _field(document, name, "body", schema, required=name in required)


def _field(document: Schema, name: str, place: Any, schema: Schema, *, required: bool) -> Field:
    branches = [_resolved(document, each) for each in _branches(_resolved(document, schema))]
    some = [each for each in branches if each.get("type") != "null"]
    shape = some[0] if len(some) == 1 else {}
    many = shape.get("type") == "array" and "prefixItems" not in shape
    text = schema.get("description") or shape.get("description") or ""
    if many:
        shape = _resolved(document, shape.get("items", {}))
        some = [_resolved(document, each) for each in _branches(shape)]
    return Field(
        name=name,
        place=place,
        required=required,
        many=many,
        nullable=any(each.get("type") == "null" for each in branches),
        types=frozenset(t for each in some for t in _types(each)) or ANYTHING,
        schema={**schema, **shape},
        description=text,
    )


def _resolved(document: Schema, schema: Schema) -> Schema:
    """The schema of a reference, merged with the keywords beside the reference."""
    while "$ref" in schema:
        beside = {key: part for key, part in schema.items() if key != "$ref"}
        schema = {**_part(document, {"$ref": schema["$ref"]}), **beside}
    return schema


def _part(document: Schema, part: Schema) -> Schema:
    """What a reference refers to; anything else is it already."""
    if "$ref" not in part:
        return part
    kind, name = part["$ref"].rsplit("/", 2)[1:]
    found: Schema = document["components"][kind][name]
    return found


def _branches(schema: Schema) -> list[Schema]:
    return list(schema.get("anyOf") or schema.get("oneOf") or [schema])


def _types(schema: Schema) -> Iterator[str]:
    if named := schema.get("type"):
        yield from [named] if isinstance(named, str) else named
    elif "properties" in schema:
        yield "object"
    else:
        values = schema.get("enum", [schema["const"]] if "const" in schema else ())
        yield from (TYPES[type(value)] for value in values)
