"""`annals import roster`: compare a city's roster with the register and record it as one batch."""

from collections.abc import Sequence
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

import typer

from api.cli import sheets
from api.cli.acting import ActorOption, acting, founded_as
from api.cli.batches import (
    counting,
    require_new,
    show_problems,
    show_recorded,
    show_worksheets,
)
from api.cli.comparing import comparison_as_json, show_comparison
from api.cli.database import database, settings_of
from api.cli.models import caught_up, viewed
from api.cli.shapes import day_of
from api.cli.terminal import Json, Lang, Terminal, answering
from api.rosters.file import Roster, read_roster
from api.rosters.worksheet import read_decisions, write_worksheet
from api.sheets.carrying import worksheets_shown
from api.sheets.table import FileRefused
from domain.batch.receiving import ReceiveBatch
from domain.founding.state import Founded
from domain.kernel.context import Acting
from domain.kernel.ids import derive_id
from domain.kernel.refusal import Refused, Stopped
from domain.kernel.text import Number
from domain.roster.compare import compare
from domain.roster.finding import Comparison, Decision
from domain.roster.known import Register, register_on
from domain.roster.plan import plan
from domain.roster.plausible import require_of_the_city, require_past, require_whole
from projections import organisation, register
from projections.engine.view import View
from projections.timeline import RosterReceived, rosters
from record.store.batch import BatchRefused, BatchStep
from record.store.entry import Receipt
from record.store.record import CHINA, Record

app = typer.Typer(
    help="导入 · Import.", no_args_is_help=True, add_completion=False, rich_markup_mode=None
)

FileArgument = Annotated[
    Path, typer.Argument(exists=True, dir_okay=False, help="名册，CSV 或 xlsx · The roster.")
]
AsOf = Annotated[
    str,
    typer.Option("--as-of", metavar="DAY", help="名册的截止日 · The day of the roster."),
]
Apply = Annotated[
    bool,
    typer.Option("--apply", help="入编：全部或全不 · Record it, as a whole or not at all."),
]
Decisions = Annotated[
    Path | None,
    typer.Option(
        "--decisions",
        exists=True,
        dir_okay=False,
        help="填好的判定表（由 --worksheet 写出） · The worksheet, filled in.",
    ),
]
Undecided = Annotated[
    Literal["separate"] | None,
    typer.Option(
        "--undecided",
        help="separate：待定者分别记载（旧者裁撤、新者登记，来历待查） · Abolish the old "
        "one and register the new one, lineage unknown.",
    ),
]
WorksheetOption = Annotated[
    Path | None,
    typer.Option("--worksheet", dir_okay=False, help="写出判定表 · Write the worksheet."),
]
Partial = Annotated[
    bool,
    typer.Option(
        "--partial",
        help="名册未列的区县保持不变 · Leave districts that it does not name unchanged.",
    ),
]
WholeCity = Annotated[
    bool,
    typer.Option(
        "--whole-city",
        help="名册即全市：未列的区县确已撤销 · The whole city: districts that it does not "
        "name no longer exist.",
    ),
]
Everything = Annotated[bool, typer.Option("--all", help="列出每一项 · List every finding.")]


class Job(NamedTuple):
    """The request: a roster, its day, and a person's decisions."""

    roster: Roster
    as_of: date
    decisions: tuple[Decision, ...]
    separate: bool
    partial: bool
    whole_city: bool = False

    @property
    def mode(self) -> Literal["ask", "separate"]:
        """How undecided communities are treated."""
        return "separate" if self.separate else "ask"

    def batch(self, received: Sequence[RosterReceived]) -> str:
        """The batch's id: the same for the same file, day and decisions, and another each time
        that the record has moved away from the file and is brought back."""
        times = sum(each == self.received for each in received)
        decided = sha256(repr((self.decisions, self.separate, self.partial)).encode()).hexdigest()
        return derive_id("roster", *self.received, decided, times)

    @property
    def received(self) -> RosterReceived:
        """The command that records this roster as received."""
        return RosterReceived(self.as_of, self.roster.digest)


class Planned(NamedTuple):
    """What would be recorded, and the position of the record at the comparison."""

    comparison: Comparison
    position: int
    received: list[RosterReceived]

    @property
    def days_later(self) -> date | None:
        """The next roster day on record."""
        return self.comparison.later.day if self.comparison.later else None


@app.callback()
def importing() -> None:
    """导入 · Import."""


@app.command("roster", short_help="名册 · A city's roster.")
def import_roster(
    file: FileArgument,
    as_of: AsOf,
    apply: Apply = False,
    decisions: Decisions = None,
    undecided: Undecided = None,
    worksheet: WorksheetOption = None,
    partial: Partial = False,
    whole_city: WholeCity = False,
    everything: Everything = False,
    actor: ActorOption = None,
    as_json: Json = False,
    lang: Lang = "zh",
) -> None:
    """将名册与截止日的台账比对；--apply 才会入编。
    · Compare a roster with the register as of its day; --apply records it."""
    day = day_of(as_of)
    with answering(lang) as terminal:
        require_past(day, datetime.now(CHINA).date())
        require_new(worksheet)
        try:
            job = Job(
                roster=read_roster(file),
                as_of=day,
                decisions=read_decisions(decisions) if decisions else (),
                separate=undecided == "separate",
                partial=partial,
                whole_city=whole_city,
            )
        except FileRefused as refused:
            show_problems(terminal, refused, as_json=as_json)
            raise
        with database(settings_of()) as where, Record(where.url) as record:
            founded = founded_as(record)
            with caught_up(where.logins, record) as models, viewed(models, record) as view:
                planned = _compared(job, view, founded)
            if worksheet:
                write_worksheet(planned.comparison, worksheet)
            if not as_json:
                _show(terminal, job, planned, everything=everything)
            try:
                receipt = _apply(record, job, planned, actor, terminal) if apply else None
            except (Refused, Stopped):
                if as_json:
                    terminal.json(_as_json(job, planned, None))
                raise
        if as_json:
            terminal.json(_as_json(job, planned, receipt))
        elif not apply:
            _show_next(terminal, planned, worksheet)


sheets.add_to(app)


def _compared(job: Job, view: View, founded: Founded) -> Planned:
    communities, places = register.states(view), organisation.states(view)
    city = next((place for place in places if place.id == founded.city), None)
    require_of_the_city(job.roster.rows, (city.codes.on(job.as_of) if city else None) or "")
    received = rosters(view)
    later = min((each.as_of for each in received if each.as_of > job.as_of), default=None)

    def register_of(day: date) -> Register:
        return register_on(day, founded.city, communities, places)

    comparison = compare(
        job.roster.rows,
        register_of(job.as_of),
        later=register_of(later) if later else None,
        decisions=job.decisions,
        undecided=job.mode,
        whole_city=not job.partial,
    )
    return Planned(comparison, view.position, received)


def _apply(
    record: Record,
    job: Job,
    planned: Planned,
    actor: str | None,
    terminal: Terminal,
) -> Receipt | None:
    """Record the batch; None if there is nothing to record."""
    comparison = planned.comparison
    if comparison.undecided:
        raise Stopped("command-line.undecided", count=len(comparison.undecided))
    if not (job.partial or job.whole_city):
        require_whole(comparison)
    if comparison.changes_nothing and job.received in planned.received:
        terminal.remark(
            "该名册已入编，台账与之一致，无需记录。",
            "This roster is already on record and the register agrees with it: nothing to record.",
        )
        return None
    steps = [BatchStep(each.stream, each.command) for each in plan(comparison)]
    receipt = _recorded(record, job, planned, steps, acting(record, actor), terminal)
    show_recorded(terminal, receipt)
    return receipt


def _recorded(
    record: Record,
    job: Job,
    planned: Planned,
    steps: Sequence[BatchStep],
    by: Acting,
    terminal: Terminal,
) -> Receipt:
    received = ReceiveBatch(
        source="roster",
        file_name=job.roster.file_name,
        file_digest=job.roster.digest,
        rows=len(job.roster.rows),
        as_of=job.as_of,
    )
    with terminal.progress("入编", "Recording") as on_progress:
        try:
            return record.carry_out_batch(
                job.batch(planned.received),
                received,
                steps,
                by=by,
                if_head=planned.position,
                on_step=counting(on_progress, len(steps)),
            )
        except BatchRefused as refused:
            for index, _ in refused.refusals:
                terminal.remark(
                    f"第 {index + 1} 项：{steps[index].stream} {steps[index].command!r}",
                    f"{index + 1}: {steps[index].stream} {steps[index].command!r}",
                )
            raise


def _show(terminal: Terminal, job: Job, planned: Planned, *, everything: bool) -> None:
    terminal.say(
        f"名册 {job.roster.file_name}：{len(job.roster.rows)} 行，截至 {job.as_of}；"
        f"与编年位置 {planned.position} 的台账比对。",
        f"Roster {job.roster.file_name}: {Number(len(job.roster.rows)):row|rows}, as of "
        f"{job.as_of}; compared "
        f"with the register at position {planned.position}.",
    )
    show_worksheets(terminal, job.roster.worksheets)
    if planned.days_later:
        terminal.say(
            f"已有更晚的名册（{planned.days_later}）；该日及以后的台账保持不变。",
            f"A later roster is on record ({planned.days_later}): the register from that day on "
            "stays as it is.",
        )
    show_comparison(terminal, planned.comparison, everything=everything)
    terminal.line()


def _show_next(terminal: Terminal, planned: Planned, worksheet: Path | None) -> None:
    if planned.comparison.undecided and worksheet:
        terminal.remark(
            f"仅作比对，未入编。待定事项已写入 {worksheet}；填写后以 --decisions 交回。",
            f"Compared only, nothing recorded. What is undecided is in {worksheet}; fill it in and "
            "give it back as --decisions.",
        )
    elif planned.comparison.undecided:
        terminal.remark(
            "仅作比对，未入编。请以 --worksheet 写出判定表并填写，"
            "或以 --undecided separate 分别记载。",
            "Compared only, nothing recorded. Write a --worksheet and fill it in, or record the "
            "undecided apart with --undecided separate.",
        )
    else:
        terminal.remark(
            "仅作比对，未入编；加 --apply 入编。",
            "Compared only, nothing recorded; --apply records it.",
        )


def _as_json(job: Job, planned: Planned, receipt: Receipt | None) -> dict[str, Any]:
    return {
        "file": job.roster.file_name,
        "digest": job.roster.digest,
        "worksheets": worksheets_shown(job.roster.worksheets),
        "rows": len(job.roster.rows),
        "position": planned.position,
        **comparison_as_json(planned.comparison),
        "receipt": receipt.model_dump(mode="json") if receipt else None,
    }
