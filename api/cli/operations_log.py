"""`annals log`: the operation log, checked and exported by whoever runs the server."""

import sys
from typing import Annotated

import typer

from access.access import Access
from access.operation_log import Form, note_export
from api.cli.acting import person_of
from api.cli.database import database, settings_of
from api.cli.terminal import Json, Lang, answering
from domain.kernel.refusal import Stopped
from record.store.record import Record

app = typer.Typer(
    help="操作日志 · The operation log.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)

FormatOption = Annotated[Form, typer.Option("--format", help="格式 · The format.")]


@app.command("verify")
def verify(as_json: Json = False, lang: Lang = "zh") -> None:
    """核验每一条及其与前一条的衔接，指出断裂之处。
    · Check every entry and that it follows the one before it; say where that breaks."""
    with (
        answering(lang) as terminal,
        database(settings_of()) as where,
        Record(where.url) as record,
    ):
        found = Access(record.recorder.datastore).log.check()
        if as_json:
            terminal.json(found._asdict())
        if found.broken is not None:
            raise Stopped("operation-log.broken", number=found.broken)
        if not as_json:
            terminal.say(
                f"{found.entries} 条完好，末条摘要 {found.digest}",
                f"{found.entries} entries hold; the digest of the last is {found.digest}",
            )


@app.command("export")
def export(format: FormatOption = "jsonl", lang: Lang = "zh") -> None:
    """导出全部操作日志到标准输出。 · Write the whole operation log to standard output."""
    with answering(lang), database(settings_of()) as where, Record(where.url) as record:
        note_export(where.url, "annals log export", person=person_of(None))
        for line in Access(record.recorder.datastore).log.exported(format):
            sys.stdout.write(line)
