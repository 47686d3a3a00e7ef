"""Any list as a file: all its lines, as of the same day and known at the same position as its JSON.

The file is written to the end before the first byte is sent: it arrives whole or not at all.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from itertools import chain
from tempfile import TemporaryFile
from typing import Annotated, Any, BinaryIO, NamedTuple
from urllib.parse import urlencode

from anyio import CapacityLimiter
from fastapi import Query
from fastapi.dependencies.utils import get_typed_return_annotation
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from api.exports.columns import Layout, LineShape, id_of, layout_of, model_of, what_of, word, words
from api.exports.files import ExportFormat, Page, write_csv, write_xlsx
from api.exports.wording import Cell, Wording
from api.http.kernel.acting import reading_as
from api.http.kernel.adopted import policy_on
from api.http.kernel.downloads import CSV, XLSX, attachment
from api.http.kernel.founded import founded
from api.http.kernel.lock import takes_grant
from api.http.kernel.noting import note
from api.http.kernel.reading import unfit
from api.http.kernel.scoping import scope_of
from api.languages import language_of
from domain.kernel.context import ROLES
from domain.kernel.ids import kind_of
from domain.kernel.text import Language
from projections import places, rounds
from projections.engine.shape import Shape
from projections.engine.view import ReadModels
from projections.figures.titles import FIGURES
from record.store.record import CHINA, Record

LINES_MAX = 100_000
CHARACTERS_MAX = 50_000_000
SECONDS_MAX = 120
PAGE_LINES = 2_000
CHUNK_BYTES = 65_536
AT_ONCE_MAX = 2
THREADS = CapacityLimiter(AT_ONCE_MAX)  # a long one takes no thread of those that answer reads
MEDIA_TYPES: Mapping[ExportFormat, str] = {"xlsx": XLSX, "csv": f"{CSV}; charset=utf-8"}
# The parameters that say where in a list one is, and how: no filters.
AROUND = {"after_position", "cursor", "effective", "format", "known", "language", "limit"}

Read = Callable[[Request], BaseModel]


class ListRead(NamedTuple):
    """A read that answers with lines: its operation, its title in both languages, what a line is,
    and how a page of it is read."""

    operation: str
    title: str
    shape: LineShape
    read: Read


class Taken(NamedTuple):
    """As what a list is taken."""

    format: ExportFormat
    language: Language


def taken_as(
    request: Request,
    format: Annotated[
        ExportFormat | None,
        Query(
            description="Answer with all lines as a file, whatever the `limit`: a workbook, whose "
            "second worksheet says what was asked for, or a CSV that Excel opens. "
            f"At most {LINES_MAX:,} lines."
        ),
    ] = None,
    language: Annotated[
        Language | None,
        Query(description="The language of the file; by default that of Accept-Language."),
    ] = None,
) -> None:
    """The parameters that every list has besides its own."""
    request.state.taken = format and Taken(format, language or language_of(request))


def lines_answered(endpoint: Callable[..., Any], path: str) -> LineShape | None:
    """The shape of the lines that an endpoint answers with, if it is a list: a shape of its own may
    have items, too. What is one's own, such as sessions, is not the city's, and is left out."""
    answer = get_typed_return_annotation(endpoint)
    is_model = isinstance(answer, type) and issubclass(answer, BaseModel)
    if not is_model or not takes_grant(path):
        return None
    items = answer.model_fields.get("items")
    if items is None or issubclass(answer, Shape):
        return None
    return model_of(items.annotation)[0]


def exported(request: Request, of: ListRead) -> Response:
    """The whole list as a file. Refused if it is too long; noted in the operation log."""
    export = _Export(request, of)
    file = TemporaryFile()  # noqa: SIM115 - it is closed when the last byte is sent
    try:
        export.write(file)
        size = file.tell()
        file.seek(0)
        asked = urlencode([*request.query_params.items(), *request.path_params.items()])
        note(request, "export", taken=asked[:TAKEN_CHARACTERS_MAX], lines=export.lines)
    except BaseException:
        file.close()
        raise
    headers = {**export.named(), "Content-Length": str(size)}
    if export.position is not None:
        headers["Annals-Position"] = str(export.position)
    return StreamingResponse(
        _sent(file), media_type=MEDIA_TYPES[export.taken.format], headers=headers
    )


TAKEN_CHARACTERS_MAX = 1_000


def _sent(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while chunk := file.read(CHUNK_BYTES):
            yield chunk


class _Export:
    """One list on its way into a file; it counts what it writes."""

    def __init__(self, request: Request, of: ListRead) -> None:
        self._until = time.monotonic() + SECONDS_MAX
        self._request, self._of = request, of
        self._pages = pages_of(request, of.read)
        self._first = next(self._pages)
        self._layout: Layout = layout_of(of.shape)
        self.taken: Taken = request.state.taken
        self.position: int | None = getattr(self._first, "position", None)
        self.lines = self._rows_written = self._characters = 0
        record: Record = request.app.state.record
        self._day: date = getattr(self._first, "effective", None) or record.today()
        self._filters = {
            **request.path_params,
            **{name: each for name, each in request.query_params.items() if name not in AROUND},
        }
        policy = policy_on(record, self._day, known=self.position)
        self._wording = Wording(self.taken.language, policy, self._filters)

    def write(self, file: BinaryIO) -> None:
        """Write it; a Problem if it is too long."""
        headings = [each.title.in_(self.taken.language) for each in self._layout.columns]
        page = Page(self._title, headings, self._rows())
        if self.taken.format == "csv":
            write_csv(file, page)
        else:
            about = [self._word("about"), ""]
            write_xlsx(file, page, Page(self._word("about"), about, self._about()))

    def named(self) -> dict[str, str]:
        """The header that names the file."""
        at = "" if self.position is None else f" {self._word('position')} {self.position}"
        name = f"{self._title} {self._day}{at}.{self.taken.format}"
        return attachment(name, plain=f"{self._of.operation}-{self._day}.{self.taken.format}")

    @property
    def _title(self) -> str:
        if figure := FIGURES.get(self._filters.get("figure", "")):
            return figure.title.in_(self.taken.language)
        chinese, _, english = self._of.title.partition(" · ")
        return chinese if self.taken.language == "zh" else english

    def _word(self, name: str) -> str:
        return self._in_language(words()["about"][name])

    def _in_language(self, found: list[str]) -> str:
        return found[0 if self.taken.language == "zh" else 1]

    def _rows(self) -> Iterator[list[Cell]]:
        for page in chain((self._first,), self._pages):
            items: list[Any] = page.items  # type: ignore[attr-defined]
            self.lines += len(items)
            names = names_of(self._request, self._layout.streams(items))
            for row in self._wording.rows(self._layout, items, names):
                self._rows_written += 1
                self._characters += sum(len(each) for each in row if isinstance(each, str))
                yield row
            self._require_bounded()

    def _require_bounded(self) -> None:
        if self._rows_written > LINES_MAX or self._characters > CHARACTERS_MAX:
            raise unfit("format", "export.too-long", lines=LINES_MAX)
        if time.monotonic() > self._until:
            raise unfit("format", "export.too-slow", seconds=SECONDS_MAX)

    def _about(self) -> Iterator[list[Cell]]:
        city, by = founded(self._request), reading_as(self._request)
        person, unit = f"person:{by.actor.person}", f"unit:{by.actor.unit}"
        kinds = {name: id_of(self._of.shape, name) for name in self._filters}
        streams = {name: f"{kinds[name]}:{id}" for name, id in self._filters.items() if kinds[name]}
        names = names_of(self._request, {person, unit, *streams.values()})
        yield [self._word("list"), self._title]
        yield [
            self._word("city"),
            f"{city.city_name}{self._word('simulation') if city.simulation else ''}",
        ]
        for name, value in self._filters.items():
            shown = names.get(streams.get(name, "")) or self._value(name, value)
            yield [f"{self._word('filter')}{self._label(name)}", shown]
        yield [self._word("effective"), self._day]
        yield [self._word("position"), self.position]
        yield [self._word("lines"), self._rows_written]
        role = ROLES[by.authority.role].in_(self.taken.language)
        who = (names.get(person), names.get(unit), role)
        yield [self._word("by"), " · ".join(each for each in who if each)]
        yield [self._word("at"), datetime.now(CHINA).replace(tzinfo=None)]
        if again := words()["again"].get(self._of.operation):
            yield [self._word("again"), self._in_language(again)]

    def _label(self, name: str) -> str:
        found = word("asked", None, name) or word("headings", self._of.shape, name)
        return self._in_language(found) if found else name

    def _value(self, name: str, value: str) -> Cell:
        if value in ("true", "false"):
            return self._wording.cell(value == "true")
        if value == "any":
            return self._in_language(words()["asked"]["any"])
        return self._wording.term(what_of(self._of.shape, name), value)


def pages_of(request: Request, read: Read) -> Iterator[BaseModel]:
    """The pages of a list, from the one that is asked for; all of one position."""
    asked = request
    while True:
        page = read(asked)
        yield page
        following = getattr(page, "next", None)
        if following is None:
            return
        place = "cursor" if isinstance(following, str) else "after"
        query = urlencode({**request.query_params, place: following})
        asked = Request({**request.scope, "query_string": query.encode()})


def names_of(request: Request, streams: Iterable[str]) -> dict[str, str]:
    """The newest names of what these streams are about, rounds included."""
    named = sorted(streams)
    if not named:
        return {}
    models: ReadModels = request.app.state.models
    with models.view(scope=scope_of(request)) as view:
        found = places.names(view, named)
        if any(kind_of(each) == "round" for each in named):
            found |= {f"round:{each.round}": each.title for each in rounds.rounds(view)}
    return found
