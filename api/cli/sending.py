"""Builds the request of an operation from the given values: address, headers and body."""

import json
import mimetypes
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import parse_qsl, quote, urlencode, urlsplit
from uuid import uuid4

import typer

from api.cli.client import CHUNK_BYTES, Asked
from api.cli.openapi import FORM, GRANT, JSON, KEY, VERSION, Operation, OptionValues
from api.cli.wording import query_of, text_of, value_of
from domain.kernel.text import Language


def request_of(
    operation: Operation,
    chosen: OptionValues,
    *,
    language: Language,
    who: tuple[str, str] | None,
    grant: str | None,
    key: str | None,
    if_version: int | None,
    body: str | None,
) -> Asked:
    """The request, with `grant` and `key` if the operation takes them; `who` is the header that
    says who sends it."""
    headers = [("Accept-Language", language), ("Accept", f"{JSON}, */*;q=0.5")]
    if who:
        headers.append(who)
    if grant and operation.takes_grant:
        headers.append((GRANT, grant))
    if key and KEY in operation.headers:
        headers.append((KEY, key))
    if if_version is not None and VERSION in operation.headers:
        headers.append((VERSION, f'"{if_version}"'))
    target = _target(operation, chosen)
    if not operation.content:
        return Asked(operation.method, target, tuple(headers))
    fields = [(field, value) for field, value in chosen if field.place == "body"]
    kind, content = _body(operation, fields, body)
    return Asked(operation.method, target, (*headers, ("Content-Type", kind)), content)


def following(asked: Asked, link: str, known: int | None) -> Asked | None:
    """The request for the next page in a Link header, as known at a position."""
    address, _, relation = link.partition(">")
    if 'rel="next"' not in relation:
        return None
    url = urlsplit(address.lstrip("<"))
    query = parse_qsl(url.query, keep_blank_values=True)
    if known is not None and not any(name == "known" for name, _ in query):
        query.append(("known", str(known)))
    return asked._replace(target=f"{url.path}?{urlencode(query)}")


def _target(operation: Operation, chosen: OptionValues) -> str:
    path = operation.path
    for field, value in chosen:
        if field.place == "path":
            if value in ("", ".", ".."):
                raise typer.BadParameter("不可为空 · is required", param_hint=f"--{field.option}")
            path = path.replace(f"{{{field.name}}}", quote(value, safe=""))
    query = [
        (field.name, each)
        for field, value in chosen
        if field.place == "query"
        for each in query_of(value)
    ]
    return f"{path}?{urlencode(query)}" if query else path


def _body(
    operation: Operation, fields: OptionValues, body: str | None
) -> tuple[str, Iterator[bytes]]:
    if JSON in operation.content:
        return JSON, iter((_json_body(fields, body),))
    if FORM in operation.content:
        boundary = uuid4().hex
        return f"{FORM}; boundary={boundary}", _form(fields, boundary)
    if body is None:
        raise typer.BadParameter("请指定要提交的文件 · name the file to send", param_hint="--body")
    guessed, _ = mimetypes.guess_type(body)
    kinds = [kind for kind in operation.content if "*" not in kind]
    kind = guessed if guessed and (guessed in kinds or not kinds) else next(iter(kinds), None)
    return kind or "application/octet-stream", _pieces(body)


def _json_body(fields: OptionValues, body: str | None) -> bytes:
    """The given body, overridden by the given fields."""
    text = "" if body is None else text_of(body)
    chosen = {field.name: value_of(field, value) for field, value in fields}
    if not chosen and (text or body is not None):
        return text.encode()
    try:
        given = json.loads(text or "{}")
    except ValueError:
        given = None
    if not isinstance(given, Mapping):
        raise typer.BadParameter(
            "须为 JSON 对象，方可与选项合用 · must be a JSON object to be combined with options",
            param_hint="--body",
        )
    return json.dumps({**given, **chosen}, ensure_ascii=False).encode()


def _form(fields: OptionValues, boundary: str) -> Iterator[bytes]:
    for field, value in fields:
        for each in value if isinstance(value, list) else [value]:
            head = f'--{boundary}\r\nContent-Disposition: form-data; name="{field.name}"'
            if field.file:
                name = Path(each).name.replace('"', "%22")
                kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
                yield f'{head}; filename="{name}"\r\nContent-Type: {kind}\r\n\r\n'.encode()
                yield from _pieces(each)
            else:
                yield f"{head}\r\n\r\n{query_of(each)[0]}".encode()
            yield b"\r\n"
    yield f"--{boundary}--\r\n".encode()


def _pieces(file: str) -> Iterator[bytes]:
    """The content of a file, in chunks."""
    with open("/dev/stdin" if file == "-" else file, "rb") as content:
        while piece := content.read(CHUNK_BYTES):
            yield piece
