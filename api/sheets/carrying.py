"""From the rows of a sheet to entries: prepare the commands, check them, record all or none.

The rules are those of the commands; they are only called here.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

from pydantic import ValidationError

from api.sheets.cells import Unfit
from api.sheets.directory import Directory
from api.sheets.files.found import Worksheets
from api.sheets.sheet import Draft, Row, Sheet, SheetFormat
from api.sheets.table import CellProblem, FileRefused, of_the_file
from api.validation import errors_of
from domain.batch.receiving import ReceiveBatch
from domain.kernel.command import Command
from domain.kernel.context import Acting, Document
from domain.kernel.ids import derive_id
from domain.kernel.refusal import Irregular, NotAuthorised, Refused
from domain.kernel.text import Bilingual
from record.store.batch import REFUSALS_MAX, BatchRefused, BatchStep
from record.store.entry import Receipt
from record.store.record import Record

MENTION_CHARACTERS_MIN = 4  # a shorter value may occur in a sentence by chance


class SheetRefused(FileRefused):
    """Nothing of the sheet was recorded. It has all problems with their places."""


class SheetNotAuthorised(NotAuthorised, SheetRefused):
    """Nothing of the sheet was recorded: the actor may not carry out any of its rows."""


class Prepared(NamedTuple):
    """A prepared sheet: the commands of its rows, the rows that are already on record, and
    all problems of the others. `origins` are the rows of the steps; `position` is
    that of the record when names and codes were looked up; `names` are those of places."""

    kind: SheetFormat
    sheet: Sheet
    as_of: date
    position: int
    steps: tuple[BatchStep, ...]
    origins: tuple[Row, ...]
    on_record: tuple[int, ...]
    problems: tuple[CellProblem, ...]
    names: Mapping[str, str]
    unauthorised: bool = False
    roles: tuple[str, ...] = ()

    @property
    def irregular(self) -> list[int]:
        """The rows that are recorded although they break a procedure: those that say why."""
        return list(dict.fromkeys(each.row for each in self.steps if each.despite and each.row))

    @property
    def counts(self) -> dict[str, int]:
        """The number of commands by name."""
        found = Counter(type(step.command) for step in self.steps)
        return {each.__name__: found[each] for each in self.kind.commands if each in found}

    @property
    def received(self) -> ReceiveBatch:
        """The command that records the file as received."""
        return ReceiveBatch(
            source=self.kind.name,
            file_name=self.sheet.name,
            file_digest=self.sheet.digest,
            rows=self.sheet.rows_read,
            as_of=self.as_of,
        )


def prepare(kind: SheetFormat, sheet: Sheet, directory: Directory, record: Record) -> Prepared:
    """Prepare the commands of all rows, on the present states of their subjects."""
    rows, misfits = _across(sheet, kind, directory)
    problems = [*sheet.problems, *misfits]
    streams: dict[int, str] = {}
    for row in rows:
        if row.wrong.isdisjoint(kind.key):
            try:
                streams[row.number] = kind.stream(row, directory)
            except Unfit as unfit:
                problems += _problems(sheet, kind, row, [unfit])
    subjects = tuple(dict.fromkeys(streams.values()))
    states = record.states(subjects)
    directory.expect(subjects)
    steps: list[BatchStep] = []
    origins: list[Row] = []
    on_record: list[int] = []
    for row in rows:
        if row.number not in streams:
            continue
        stream = streams[row.number]
        commands, wrong = _planned(sheet, kind, row, states[stream], directory)
        problems += wrong
        if wrong or row.wrong:
            continue
        despite = row["despite"]
        steps += (BatchStep(stream, *each, despite, row.number) for each in commands)
        origins += [row] * len(commands)
        if not commands:
            on_record.append(row.number)
    return Prepared(
        kind=kind,
        sheet=sheet,
        as_of=directory.as_of,
        position=directory.view.position,
        steps=tuple(steps),
        origins=tuple(origins),
        on_record=tuple(on_record),
        problems=_in_order(sheet, problems),
        names=directory.names,
    )


def _across(
    sheet: Sheet, kind: SheetFormat, directory: Directory
) -> tuple[list[Row], list[CellProblem]]:
    """The rows with mismatches between their cells marked, and the problems for them."""
    rows: list[Row] = []
    problems: list[CellProblem] = []
    for row in sheet.rows:
        unfit = list(kind.across(row, directory))
        problems += _problems(sheet, kind, row, unfit)
        columns = {each.column for each in unfit if each.column}
        rows.append(replace(row, wrong=row.wrong | columns))
    return rows, problems


def _planned(
    sheet: Sheet, kind: SheetFormat, row: Row, state: Any, directory: Directory
) -> tuple[list[tuple[Command[Any], tuple[Document, ...]]], list[CellProblem]]:
    """The commands of a row with their basis, and further problems of the row."""
    commands = []
    unfit: list[Unfit] = []
    try:
        for each in kind.plan(row, state, directory):
            if isinstance(each, Unfit):
                unfit.append(each)
                continue
            try:
                commands.append((each.command.model_validate(each.fields), each.basis))
            except ValidationError as malformed:
                unfit += _malformed(sheet, each, malformed)
    except Refused as refusal:
        return [], [_refused(sheet, kind, row, refusal, directory.names)]
    return commands, list(_problems(sheet, kind, row, unfit))


def rehearse(
    prepared: Prepared, record: Record, by: Acting, on_step: Callable[[], None] = lambda: None
) -> Prepared:
    """The same, with the refusals of the rules; nothing is recorded."""
    if not prepared.steps:
        return prepared
    batch = derive_id("rehearsal", prepared.sheet.digest)
    try:
        record.rehearse_batch(batch, prepared.received, prepared.steps, by=by, on_step=on_step)
    except BatchRefused as refused:
        return _with_refusals(prepared, refused.refusals)
    return prepared


def carry_in(
    prepared: Prepared,
    record: Record,
    batch: str,
    by: Acting,
    on_step: Callable[[], None] = lambda: None,
) -> Receipt | None:
    """Record it as one batch, or nothing; None if everything is already on record.

    Raises SheetRefused with all problems, and Conflict if the record has moved on since it was
    prepared: rows may be on record now, and names may belong to others.
    """
    if prepared.problems:
        raise refusal_of(rehearse(prepared, record, by, on_step))
    if not prepared.steps:
        return None
    try:
        return record.carry_out_batch(
            batch,
            prepared.received,
            prepared.steps,
            by=by,
            if_head=prepared.position,
            on_step=on_step,
        )
    except BatchRefused as refused:
        raise refusal_of(_with_refusals(prepared, refused.refusals)) from refused


def refusal_of(prepared: Prepared) -> SheetRefused:
    """The refusal of a sheet with problems."""
    kind = SheetNotAuthorised if prepared.unauthorised else SheetRefused
    return kind(prepared.sheet.name, list(prepared.problems))


def shown(prepared: Prepared) -> dict[str, Any]:
    """A prepared sheet as JSON."""
    return {
        "kind": prepared.kind.name,
        "file": prepared.sheet.name,
        "digest": prepared.sheet.digest,
        "worksheets": worksheets_shown(prepared.sheet.worksheets),
        "as_of": prepared.as_of.isoformat(),
        "rows": prepared.sheet.rows_read,
        "commands": prepared.counts,
        "on_record": list(prepared.on_record),
        "irregular": prepared.irregular,
        "problems": [each.shown() for each in prepared.problems],
    }


def worksheets_shown(found: Worksheets | None) -> dict[str, Any] | None:
    """Which worksheet was read and which were not, as JSON has it; None of CSV."""
    if found is None:
        return None
    return {"read": found.title, "others": list(found.others), "hidden": list(found.hidden)}


def _with_refusals(prepared: Prepared, refusals: Sequence[tuple[int, Refused]]) -> Prepared:
    sheet, kind = prepared.sheet, prepared.kind
    reported: set[int] = set()
    problems = list(prepared.problems)
    for index, refusal in refusals:
        row = prepared.origins[index]
        # Later commands of a row are refused only because the first one was.
        if row.number not in reported:
            problems += _said(sheet, kind, row, refusal, prepared.names)
        reported.add(row.number)
    if len(refusals) == REFUSALS_MAX:
        problems.append(_MORE)
    lacking = [each for _, each in refusals if isinstance(each, NotAuthorised)]
    unauthorised = len(lacking) == len(refusals) and not prepared.problems
    roles: tuple[str, ...] = ()
    if unauthorised and len({each.words.en for each in lacking}) == 1:
        roles = lacking[0].roles
        if roles or len(reported) > 1:
            problems = [CellProblem(None, "", "", lacking[0], prepared.names)]
    return prepared._replace(
        problems=_in_order(sheet, problems), unauthorised=unauthorised, roles=roles
    )


def _in_order(sheet: Sheet, problems: Iterable[CellProblem]) -> tuple[CellProblem, ...]:
    """Ordered by row and column; problems of the whole file come first, except that there
    are more."""
    places = {cell: place for place, cell in enumerate(sheet.header.cells)}
    last = len(places)
    return tuple(
        sorted(problems, key=lambda p: (p is _MORE, p.row or 0, places.get(p.column, last)))
    )


def _problems(
    sheet: Sheet, kind: SheetFormat, row: Row, unfit: Iterable[Unfit]
) -> Iterator[CellProblem]:
    """The problems of a row's cells, one for each cell."""
    reported = set(row.wrong)
    for each in unfit:
        column = each.column or kind.key[0]
        if column not in reported:
            yield sheet.problem(row.number, column, each)
        reported.add(column)


def _said(
    sheet: Sheet, kind: SheetFormat, row: Row, refusal: Refused, names: Mapping[str, str]
) -> Iterator[CellProblem]:
    """What a refused command says of its row: each rule of procedure that it breaks by itself."""
    if isinstance(refusal, Irregular):
        for each in refusal.breaches:
            yield _refused(sheet, kind, row, each, names)._replace(irregular=True)
    elif refusal.code == "fact.not-irregular":
        yield sheet.problem(row.number, "despite", refusal, names)
    else:
        yield _refused(sheet, kind, row, refusal, names)


def _refused(
    sheet: Sheet, kind: SheetFormat, row: Row, refusal: Refused, names: Mapping[str, str]
) -> CellProblem:
    named = _named(sheet, row, refusal)
    # A sentence names its subject first, then what is wrong with it.
    subject = (kind.key[0], "community_name")
    about = next((each for each in named if each not in subject), kind.key[0])
    return sheet.problem(row.number, about, refusal, names)


def _malformed(sheet: Sheet, draft: Draft, malformed: ValidationError) -> Iterator[Unfit]:
    columns = {each.field or each.name: each.name for each in sheet.columns}
    found = malformed.errors()
    errors = [{**error, "loc": ("body", *error["loc"])} for error in found]
    zh, en = errors_of(errors, "zh"), errors_of(errors, "en")
    for error, chinese, english in zip(found, zh, en, strict=True):
        named = (columns[str(part)] for part in error["loc"] if str(part) in columns)
        column = draft.column or next(named, None)
        what = Bilingual(zh=chinese["detail"], en=english["detail"])
        yield Unfit("cell.malformed", what=what, column=column)


def _named(sheet: Sheet, row: Row, refusal: Refused) -> list[str]:
    """The columns that a refusal's sentence mentions, by name or value, in its order."""
    named = [(column, text) for column, value in row.values.items() for text in _mentions(value)]
    named = [(column, text) for column, text in named if len(text) >= MENTION_CHARACTERS_MIN]
    named += [(each.name, each.called) for each in sheet.columns if each.called]
    places = [
        (found.start(), column)
        for column, text in named
        if (found := re.search(rf"(?<![\w-]){re.escape(text)}(?![\w-])", refusal.words.en))
    ]
    return [column for _, column in sorted(places)]


def _mentions(value: Any) -> Iterator[str]:
    """How a sentence may mention a value: as it is, or by the id or name that it resolves to."""
    if isinstance(value, tuple):
        for each in value if not hasattr(value, "_fields") else value[:1]:
            yield from _mentions(each)
        if name := getattr(value, "name", None):
            yield str(name)
        return
    yield str(value)


_MORE = of_the_file(Refused("file.more-refused", refused=REFUSALS_MAX))
