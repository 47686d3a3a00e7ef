"""Carries out one operation of `annals call` in this process.

It sends the request that an HTTP client would send and shows the answer of the API, so that
the two never differ.
"""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from logging import NullHandler, getLogger
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

import typer

from api.cli.acting import founded_as
from api.cli.answers import show, show_problem
from api.cli.client import Answer, Asked, ask
from api.cli.database import Database, database, settings_of
from api.cli.meaning import with_ids
from api.cli.models import caught_up
from api.cli.openapi import KEY, Operation, OptionValues
from api.cli.options import Ours
from api.cli.proving import proof
from api.cli.sealing import seal_of
from api.cli.sending import following, request_of
from api.cli.terminal import Terminal, answering
from api.http.app import create_app
from domain.kernel.refusal import Stopped
from projections.engine.view import ReadModels, View
from record.store.record import Record


def carry_out(operation: Operation, chosen: OptionValues, ours: Ours) -> None:
    """Send the request of an operation and show the answer; exits with 1 if it is a problem."""
    # The answer says everything; log lines beside it would repeat it.
    getLogger("annals").addHandler(NullHandler())
    with answering(ours.lang) as terminal, ExitStack() as stack:
        settings = settings_of()
        where = stack.enter_context(database(settings))
        record = stack.enter_context(Record(where.url))
        founded_as(record)
        models = stack.enter_context(_models(operation, where, record))
        key = (ours.key or uuid4().hex) if KEY in operation.headers else None
        chosen = with_ids(chosen, record, lambda: _looked_up(where, record))
        asked = request_of(
            operation,
            _longest_pages(operation, chosen) if ours.every else chosen,
            language=terminal.language,
            who=proof(record, settings, ours.key_file),
            grant=ours.authority,
            key=key,
            if_version=ours.if_version,
            body=ours.body,
        )
        app = create_app(record, models, only=operation.subject, seal=seal_of(settings, where))

        def send(asked: Asked) -> Answer:
            answer = ask(app, asked, lambda headers: _opened(stack, headers, ours.out))
            if answer.status >= 400:
                _show_problem(terminal, answer, key, as_json=ours.as_json)
                raise typer.Exit(1)
            return answer

        answer = send(asked)
        if ours.every and operation.is_list and answer.is_json:
            answer = _with_all_pages(operation, asked, answer, send)
        _show(terminal, answer, ours)


@contextmanager
def _looked_up(where: Database, record: Record) -> Iterator[View]:
    """The read models, caught up, to look up whom a name means."""
    with caught_up(where.logins, record) as models, models.view() as view:
        yield view


def _longest_pages(operation: Operation, chosen: OptionValues) -> OptionValues:
    """The given values, with the longest pages unless a length was given."""
    limit = operation.field("limit", "query")
    if limit is None or any(field is limit for field, _ in chosen):
        return chosen
    return [*chosen, (limit, str(limit.schema.get("maximum", 1)))]


def _with_all_pages(
    operation: Operation, asked: Asked, answer: Answer, send: Callable[[Asked], Answer]
) -> Answer:
    """The first page with the items of all following pages, as known at its position."""
    whole = answer.json
    known = whole["position"] if operation.field("known", "query") else None
    while (link := answer.headers.get("link")) and (next_page := following(asked, link, known)):
        answer = send(next_page)
        whole["items"] += answer.json["items"]
        whole["next"] = answer.json["next"]
    return answer._replace(content=json.dumps(whole, ensure_ascii=False).encode())


@contextmanager
def _models(operation: Operation, where: Database, record: Record) -> Iterator[ReadModels]:
    """The read models, caught up if the operation reads them."""
    if operation.reads_models:
        with caught_up(where.logins, record) as models:
            yield models
        return
    models = ReadModels(where.url, connections_max=2)
    models.open()
    try:
        yield models
    finally:
        models.close()


def _opened(stack: ExitStack, headers: dict[str, str], out: str | None) -> BinaryIO:
    """Where to write an answer that is not JSON."""
    if out:
        return stack.enter_context(Path(out).open("wb"))
    kind = headers.get("content-type", "")
    if sys.stdout.isatty():
        raise Stopped("command-line.not-for-terminals", type=kind)
    return sys.stdout.buffer


def _show_problem(terminal: Terminal, answer: Answer, key: str | None, *, as_json: bool) -> None:
    """Show a problem of the API."""
    if as_json:
        terminal.json(answer.json, problem=True)
    else:
        show_problem(terminal, answer.json)
    if key and answer.status >= 500:
        terminal.remark(f"本次的幂等键：--key {key}", f"The key of this command: --key {key}")


def _show(terminal: Terminal, answer: Answer, ours: Ours) -> None:
    if answer.is_json and answer.content:
        if ours.out:
            Path(ours.out).write_bytes(answer.content)
        elif ours.as_json:
            terminal.json(answer.json)
        else:
            show(terminal, answer.json)
    if location := answer.headers.get("location"):
        terminal.remark(f"地址：{location}", f"Address: {location}")
