"""The contract of every read: as of which day, as known when, after which position, page by page.

It reads nothing itself. A read uses it to open a view of the read models.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Annotated, Any, Generic, NamedTuple, TypeVar
from urllib.parse import urlencode

from fastapi import Depends, Header, Query
from fastapi.dependencies.utils import get_flat_params
from fastapi.params import Query as QueryParameter
from fastapi.routing import APIRoute
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    TypeAdapter,
)
from pydantic_core import PydanticCustomError
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response

from api.http.kernel.acting import reading_as
from api.http.kernel.founded import founded
from api.http.kernel.problem_kinds import problems
from api.http.kernel.problems import ApiProblem
from api.http.kernel.scoping import scope_of
from domain.catalogue import subject
from domain.kernel.context import Acting
from domain.kernel.days import is_iso_day
from domain.kernel.ids import Named
from domain.kernel.policy import is_term
from domain.kernel.refusal import NotOnRecord, Param
from domain.kernel.stated import YEARS_AHEAD_MAX, fault_of
from projections.engine.scope import Scope
from projections.engine.view import ReadModels, View
from projections.timeline import version
from record.store.record import CHINA, Record

T = TypeVar("T")

POSITION_MAX = 2**63 - 1
LIMIT_MAX = 200
CURSOR_CHARACTERS_MAX = 1_000
BY_ID = (
    "community",
    "jurisdiction",
    "person",
    "round",
    "stream",
    "unit",
)  # what is no term of a policy
READ_PROBLEMS = problems("not-on-record", "invalid-request", "not-yet-shown", "database-away")
LIT_PROBLEMS = {**READ_PROBLEMS, **problems("refused")}  # for what depends on the policy of the day


def _written(given: Any) -> Any:
    if isinstance(given, str) and not is_iso_day(given):
        raise PydanticCustomError(
            "date_parsing", "Input should be a valid date, such as 2024-07-01"
        )
    return given


# A day as a parameter. Pydantic alone would accept a number of seconds.
Day = Annotated[date, BeforeValidator(_written)]
TEXT_PATTERN = r"^[^\x00]*$"
Text = Annotated[str, Field(min_length=1, max_length=200, pattern=TEXT_PATTERN)]


def _printable(part: str) -> str:
    if not part.isprintable():
        raise ValueError("no cursor has such characters")
    return part


_Word = Annotated[str, Field(strict=True), AfterValidator(_printable)]
NAMED: TypeAdapter[tuple[str, str, int, date, str | None]] = TypeAdapter(
    tuple[
        _Word, _Word, Annotated[int, Field(strict=True, ge=0, le=POSITION_MAX)], Day, _Word | None
    ]
)


class Listing(BaseModel, Generic[T]):
    """One page of a list, as of a day and as known at a position."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    items: list[T]
    next: str | None = Field(
        None, description="The cursor of the next page; null on the last. Also in the Link header."
    )
    effective: date
    position: int = Field(description="A request with known=<this> always gives the same answer.")


def instant_of(known: str) -> int | datetime:
    """The moment of knowledge in a parameter: a position, an instant, or the end of a day."""
    text = known.strip().replace(" ", "+")  # an unescaped plus arrives as a space
    if text.isascii() and text.isdigit() and len(text) <= 18:
        return int(text)
    try:
        if len(text) == 10:
            day_after = date.fromisoformat(text) + timedelta(days=1)
            return datetime.combine(day_after, time(), CHINA) - timedelta(microseconds=1)
        instant = datetime.fromisoformat(text)
    except (ValueError, OverflowError):
        instant = None
    if instant is None or instant.tzinfo is None:
        raise unfit("known", "parameter.no-moment")
    return instant


def unfit(parameter: str, code: str, **params: Param) -> ApiProblem:
    """The problem for an unusable parameter."""
    return ApiProblem(
        "invalid-request", code, headers=None, members=None, parameter=parameter, **params
    )


def not_there(stream: str, day: date | None = None) -> NotOnRecord:
    """The refusal of a read whose subject is not on record, or not as of a day."""
    asked = subject(stream)
    return NotOnRecord("read.not-there", what=asked.what, id=asked.id, day=day)


def require_on_record(view: View, stream: str) -> None:
    """NotOnRecord for a subject of which nothing is on record."""
    if version(view, stream) is None:
        raise not_there(stream)


async def require_sound_query(request: Request) -> None:
    """Refuse what cannot be used in a query, as below."""
    require_sound(request.query_params)


def require_sound(query: QueryParams) -> None:
    """Refuse a parameter that comes twice, or that has invisible or damaged characters."""
    seen: set[str] = set()
    for name, value in query.multi_items():
        if name in seen:
            raise unfit(name[:100], "parameter.twice")
        seen.add(name)
        if fault := fault_of(value):
            raise unfit(name[:100], "parameter.unsound", fault=fault)


async def require_known_parameters(request: Request) -> None:
    """Refuse unknown parameters: a misspelt one would be ignored and give the wrong answer."""
    if request.query_params:
        require_known(request.query_params, _parameters(request.scope["route"]))


def require_known(given: Iterable[str], known: frozenset[str]) -> None:
    """Refuse the first parameter that is not among those that are known."""
    for name in given:
        if name not in known:
            if not known:
                raise unfit(name, "parameter.none-taken")
            raise unfit(name, "parameter.unknown", known=sorted(known))


def _parameters(route: APIRoute) -> frozenset[str]:
    flat = get_flat_params(route.dependant)
    return frozenset(each.alias for each in flat if isinstance(each.field_info, QueryParameter))


class Place(NamedTuple):
    """What a cursor names: the last line's key, and the position, day and scope of the list's
    pages, which hang together by them."""

    key: tuple[str, str]
    position: int
    day: date
    top: str | None = None


class Reading:
    """The day and the moment of knowledge of a read, and the position that it waits for."""

    def __init__(
        self,
        request: Request,
        response: Response,
        effective: date | None,
        known: int | datetime | None,
        after_position: int,
        place: Place | None,
    ) -> None:
        self.asked = effective
        self.request = request
        self.known = place.position if place else known
        self._after = after_position
        self._place = place
        self._response = response
        self._recorded_at: datetime | None = None

    @cached_property
    def scope(self) -> Scope:
        """Of which places it is."""
        return scope_of(self.request)

    @property
    def by(self) -> Acting:
        """As whom it is answered."""
        return reading_as(self.request)

    @cached_property
    def effective(self) -> date:
        """The requested day, by default that of the moment of knowledge, or today; raises a Problem
        if it is too far ahead."""
        if self._place:
            return self._place.day
        if self.asked is None:
            return self.today if self.known is None else self._day_of(self.known)
        if self.asked.year > self.today.year + YEARS_AHEAD_MAX:
            raise unfit("effective", "parameter.too-far-ahead", years=YEARS_AHEAD_MAX)
        return self.asked

    def _day_of(self, known: int | datetime) -> date:
        if isinstance(known, datetime):
            return min(known.astimezone(CHINA).date(), self.today)
        record: Record = self.request.app.state.record
        return record.day_of(known) or self.today

    @cached_property
    def today(self) -> date:
        """Today, by the record's clock."""
        if self._recorded_at and founded(self.request).simulation:
            return self._recorded_at.astimezone(CHINA).date()
        record: Record = self.request.app.state.record
        return record.today()

    @contextmanager
    def view(self) -> Iterator[View]:
        """A view of the read models for this read, or NotYetShown, for which its route waits."""
        state = self.request.app.state
        models: ReadModels = state.models
        self._require_recorded(state.record)
        if self._place and self._place.top != self.scope.top:
            raise unfit("cursor", "parameter.foreign-cursor")
        with models.view(
            known=self.known, after_position=self._after, wait_seconds=0, scope=self.scope
        ) as view:
            self._recorded_at = view.recorded_at
            _ = self.effective  # refuses a day too far ahead before anything is read
            self._require_named(view)
            self._response.headers["Annals-Position"] = str(view.stands_at)
            if view.parked:  # the read models end before that position
                self._response.headers["Annals-Parked"] = ", ".join(view.parked)
            yield view

    def _require_recorded(self, record: Record) -> None:
        """Refuse to wait for a position that is not on record."""
        asked = max(self._after, self.known if isinstance(self.known, int) else 0)
        if asked and asked > (head := record.head()):
            name = "known" if asked == self.known else "after_position"
            raise unfit(name, "parameter.not-recorded", asked=asked, head=head)

    def _require_named(self, view: View) -> None:
        """Refuse a filter by what no policy and no entry knows: it would find nothing, as if there
        were nothing to find."""
        query = self.request.query_params
        for name, what in getattr(self.request.state, "naming", {}).items():
            if value := query.get(name):
                if what in BY_ID:
                    stream = value if what == "stream" else f"{what}:{value}"
                    require_on_record(view, stream)
                elif not is_term(what, value) and not self._is_new_term(what, value):
                    raise unfit(name, "parameter.unknown-value", value=value)

    def _is_new_term(self, what: Named, value: str) -> bool:
        """Whether a policy has it that this process has not read yet."""
        record: Record = self.request.app.state.record
        record.adopted()
        return is_term(what, value)

    def tag(self, view: View, stream: str) -> None:
        """Put the stream's version into the ETag, for the If-Match of the next command."""
        if found := version(view, stream):
            self._response.headers["ETag"] = f'"{found}"'

    def page(
        self, view: View, found: Sequence[T], limit: int, *, key: Callable[[T], tuple[str, str]]
    ) -> Listing[T]:
        """The first `limit` of the lines found, which are one more where another page follows."""
        follows = len(found) > limit
        items = list(found[:limit])
        return self.listing(view, items, next_key=key(items[-1]) if follows else None)

    def listing(
        self, view: View, items: list[T], *, next_key: tuple[str, str] | None
    ) -> Listing[T]:
        """One page of a list, with the cursor and the link of the next one."""
        cursor = None if next_key is None else self.cursor(view, next_key)
        if cursor:
            self._response.headers["Link"] = f'<{self.address(cursor=cursor)}>; rel="next"'
        return Listing(items=items, next=cursor, effective=self.effective, position=view.stands_at)

    def cursor(self, view: View, key: tuple[str, str]) -> str:
        """The cursor of the page after the line with this key: of the same record and day."""
        return cursor_of(Place(key, view.stands_at, self.effective, self.scope.top))

    def address(self, *, cursor: str | None) -> str:
        """The address of this read at another place in its list, without a host: behind a proxy
        ours means nothing to the client."""
        asked = {**self.request.query_params}
        asked.pop("cursor", None)
        if cursor is not None:
            asked["cursor"] = cursor
        path: str = self.request.scope["path"]
        return f"{path}?{urlencode(asked)}" if asked else path


def reading_of(
    request: Request,
    response: Response,
    effective: Annotated[
        Day | None,
        BeforeValidator(lambda given: given or None),  # a form's empty field
        Query(
            description="As of this day; by default today in China, or in a simulation the day of "
            "its last entry; with `known`, by default the day of that moment. At most ten years "
            "ahead."
        ),
    ] = None,
    known: Annotated[
        str | None,
        Query(
            max_length=40,
            description="As known at this position, at this instant (RFC 3339), or at the end of "
            "this day in China; by default now.",
            examples=["1234"],
        ),
    ] = None,
    after_position: Annotated[
        int | None,
        Query(
            ge=0,
            le=POSITION_MAX,
            description="Wait until the read models have reached this position, at most two "
            "seconds; 503 then. The Annals-Position header does the same.",
        ),
    ] = None,
    annals_position: Annotated[int | None, Header(ge=0, le=POSITION_MAX)] = None,
) -> Reading:
    """The parameters of a read. A cursor says itself of which position and day its pages are, and
    none goes with those of another."""
    moment = instant_of(known) if known else None
    place = place_of(request.query_params.get("cursor"))
    if place and (
        effective not in (None, place.day) or (isinstance(moment, int) and moment != place.position)
    ):
        raise unfit("cursor", "parameter.foreign-cursor")
    return Reading(
        request, response, effective, moment, max(after_position or 0, annals_position or 0), place
    )


TheReading = Annotated[Reading, Depends(reading_of)]
Limit = Annotated[int, Query(ge=1, le=LIMIT_MAX, description="The maximum number of lines.")]


def cursor_of(place: Place) -> str:
    """An opaque cursor."""
    named = [*place.key, place.position, place.day.isoformat(), place.top]
    return urlsafe_b64encode(json.dumps(named, ensure_ascii=False).encode()).decode().rstrip("=")


def place_of(cursor: str | None) -> Place | None:
    """What a cursor names; None for the first page."""
    if not cursor:
        return None
    try:
        named = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        first, second, position, day, top = NAMED.validate_python(named)
    except (ValueError, RecursionError):
        raise unfit("cursor", "parameter.foreign-cursor") from None
    return Place((first, second), position, day, top)


def key_of(
    cursor: Annotated[
        str | None,
        Query(
            max_length=CURSOR_CHARACTERS_MAX,
            description="Where the page begins: the cursor of the previous page. All pages are of "
            "the day and the position of the first.",
        ),
    ] = None,
) -> tuple[str, str] | None:
    """The key of a cursor; None for the first page."""
    place = place_of(cursor)
    return place.key if place else None


def day_of_key(key: tuple[str, str] | None) -> tuple[str, str] | None:
    """The key of a list that is ordered by days; its first part must be a day."""
    if key is not None:
        try:
            date.fromisoformat(key[0])
        except ValueError:
            raise unfit("cursor", "parameter.foreign-cursor") from None
    return key


def paged(
    found: Sequence[T],
    place: Callable[[T], tuple[str, str]],
    *,
    after: tuple[str, str] | None,
    limit: int,
) -> tuple[list[T], tuple[str, str] | None]:
    """One page of a list that was read as a whole, and the key of the next page."""
    page = [each for each in found if after is None or place(each) > after]
    return page[:limit], place(page[limit - 1]) if len(page) > limit else None


TheKey = Annotated[tuple[str, str] | None, Depends(key_of)]
