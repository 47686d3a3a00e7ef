"""`annals replay`: a community's history, entry by entry, with what each entry changed."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any

import typer

from api.cli.database import database, settings_of
from api.cli.models import caught_up, viewed
from api.cli.naming import community_meant
from api.cli.shapes import Known, day_of, known_of
from api.cli.terminal import Json, Lang, Terminal, answering
from api.http.communities.replay import ReplayKind
from api.http.communities.steps import Change, PlannedStep, replayed
from domain.kernel.policy import edition_called
from domain.kernel.text import Bilingual, Number
from projections import organisation
from projections.engine.view import View
from projections.labels import LABELS
from projections.sentences import sentences, sentences_in
from record.store.record import CHINA, Record

ATTRIBUTES = {
    "status": Bilingual(zh="状态", en="status"),
    "name": Bilingual(zh="名称", en="name"),
    "code": Bilingual(zh="代码", en="code"),
    "subdistrict": Bilingual(zh="所属街道（镇）", en="subdistrict"),
    "type": Bilingual(zh="类型", en="type"),
    "subtype": Bilingual(zh="子类型", en="subtype"),
    "features": Bilingual(zh="特征", en="features"),
}
Names = dict[tuple[str, date], str]


def replay(
    community: Annotated[
        str,
        typer.Argument(
            help="社区：编号、当日代码，或“街道/社区” · The community: its id, its code on that "
            "day, or subdistrict/community."
        ),
    ],
    until: Annotated[
        str | None,
        typer.Option(
            "--until",
            metavar="DAY",
            help="截至某日，省略为今日 · Up to this day; by default today.",
        ),
    ] = None,
    begin: Annotated[
        str | None,
        typer.Option(
            "--from", metavar="DAY", help="自某日起的内容 · Only what is about this day or later."
        ),
    ] = None,
    kind: Annotated[
        ReplayKind | None,
        typer.Option(
            "--kind",
            help="仅此类事项 · Only entries of such subjects.",
        ),
    ] = None,
    known: Known = None,
    as_json: Json = False,
    lang: Lang = "zh",
) -> None:
    """逐条重放一个社区的历史，包括涉及该社区的任务、会议、评定等，并说明每条改变了什么。
    · Replay a community's history: each entry that names it as a sentence, with what it changed."""
    asked = day_of(until) if until else None
    moment = known_of(known) if known else None
    with (
        answering(lang) as terminal,
        database(settings_of()) as where,
        Record(where.url) as record,
        caught_up(where.logins, record) as models,
        viewed(models, record, known=moment) as view,
    ):
        day = asked or record.today()
        id = community_meant(view, community, day)
        since = day_of(begin) if begin else None
        steps = replayed(view, id, until=day, begin=since, kind=kind)
        if as_json:
            terminal.json(_as_json(view, id, steps, day))
        else:
            _show(terminal, view, id, steps, day)


def _show(terminal: Terminal, view: View, id: str, steps: Sequence[PlannedStep], day: date) -> None:
    terminal.say(
        f"社区 {id}，截至 {day}，按编年位置 {view.stands_at} 所知，共 {len(steps)} 条：",
        f"Community {id} up to {day}, as known at position {view.stands_at}, "
        f"{Number(len(steps)):entry|entries}:",
    )
    texts = sentences_in(view, [step.entry for step in steps], terminal.language)
    names = _names(view, steps)
    for number, (step, text) in enumerate(zip(steps, texts, strict=True), start=1):
        entry = step.entry
        recorded = entry.recorded_at.astimezone(CHINA)
        terminal.line()
        terminal.line(f"{number}. {step.effective_on}  {text}")
        terminal.say(
            f"   位置 {entry.position}，第 {entry.version} 条，{recorded:%Y-%m-%d %H:%M} 由 "
            f"{entry.actor.person} 记录",
            f"   position {entry.position}, entry {entry.version}, recorded on "
            f"{recorded:%Y-%m-%d %H:%M} by {entry.actor.person}",
        )
        for change in step.changes:
            terminal.line(f"   · {_as_text(terminal, change, names, entry.policy)}")


def _as_text(terminal: Terminal, change: Change, names: Names, policy: str | None) -> str:
    before, after = (
        _value(terminal, change, value, names, policy) for value in (change.before, change.after)
    )
    span = terminal.text(
        f"{change.effective_from} 起"
        + (f"至 {change.effective_until}（不含）" if change.effective_until else ""),
        f"from {change.effective_from}"
        + (f" until {change.effective_until}" if change.effective_until else ""),
    )
    attribute = terminal.words(ATTRIBUTES[change.attribute])
    return terminal.text(
        f"{attribute}：{before} → {after}（{span}）", f"{attribute}: {before} → {after} ({span})"
    )


def _value(terminal: Terminal, change: Change, value: Any, names: Names, policy: str | None) -> str:
    if value is None or value == ():
        return terminal.text("无", "none")
    if isinstance(value, tuple | list):
        parts = [_value(terminal, change, each, names, policy) for each in value]
        return terminal.text("、", ", ").join(parts)
    match change.attribute:
        case "status":
            return terminal.words(LABELS[f"community-status.{value}"])
        case "subdistrict":
            return names.get((value, change.effective_from), str(value))
        case "type" if policy and (edition := edition_called(policy)):
            types = edition.policy.types
            return next((terminal.words(t.title) for t in types if t.code == value), str(value))
    return str(value)


def _names(view: View, steps: Sequence[PlannedStep]) -> Names:
    """The names of all subdistricts that a community has lain under."""
    asked = [
        (value, change.effective_from)
        for step in steps
        for change in step.changes
        if change.attribute == "subdistrict"
        for value in (change.before, change.after)
        if value
    ]
    return organisation.names(view, asked)


def _as_json(view: View, id: str, steps: Sequence[PlannedStep], day: date) -> dict[str, Any]:
    texts = sentences(view, [step.entry for step in steps])
    return {
        "community": id,
        "until": day,
        "position": view.stands_at,
        "steps": [
            {
                "position": step.entry.position,
                "stream": step.entry.stream,
                "version": step.entry.version,
                "event": step.entry.name,
                "effective_on": step.effective_on,
                "recorded_at": step.entry.recorded_at.isoformat(),
                "person": step.entry.actor.person,
                "sentence": text.model_dump(),
                "changes": [change._asdict() for change in step.changes],
            }
            for step, text in zip(steps, texts, strict=True)
        ],
    }
