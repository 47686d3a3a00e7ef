"""The demo city on one day of its story, and the acts so far.

The stories follow the years: each looks at what exists, notes acts, and leaves the city changed.
Nothing here is recorded; see recording.py. Chance is each story's own, so that a story added later
changes no other.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from hashlib import sha256
from typing import Any, NamedTuple, cast

from demo.acts import Act, Ask, Import, Paper
from demo.chance import chance
from demo.figures import Figures, Profile
from demo.names import CITY_NAME, CITY_SHORT, POOLS, people
from demo.working_days import working_day
from domain.batch.events import BatchSource
from domain.batch.receiving import ReceiveBatch
from domain.jurisdiction.levels import UnitLevel
from domain.kernel.command import Command
from domain.kernel.context import Acting, Actor, Authority, Role
from domain.kernel.policy import IndicatorValue, Policy

CHINA = timedelta(hours=8)
TENURE_YEARS = 3


@dataclass(frozen=True, kw_only=True)
class Unit:
    """A district, county, county-level city or park."""

    id: str
    name: str
    short: str
    level: UnitLevel
    code: str | None


@dataclass(frozen=True, kw_only=True)
class Place:
    """A subdistrict or town, and the unit it lies under."""

    id: str
    name: str
    level: UnitLevel
    code: str
    unit: str


@dataclass(frozen=True, kw_only=True)
class Member:
    """A community as it is: its name, its place, its type, and what is known of it."""

    id: str
    name: str
    code: str
    place: str
    type: str
    profile: Profile
    since: date

    @property
    def stream(self) -> str:
        """Its stream in the record."""
        return f"community:{self.id}"


@dataclass(frozen=True)
class Ended:
    """A community that has ended: its last state, and the day of its end."""

    member: Member
    effective_from: date
    heirs: tuple[str, ...]


class Tenure(NamedTuple):
    """Somebody who acts at a jurisdiction or in a community, by role and seat: from a day until a
    day."""

    person: str
    seat: str
    where: str
    effective_from: date
    effective_until: date


class Insider(NamedTuple):
    """Somebody of a resident unit: their name, the unit, and the day by which they are known."""

    name: str
    unit: str
    by: date


class Body(NamedTuple):
    """A body that sits in councils: its name, its kind of unit, its subdistrict, and the day by
    which it is known."""

    name: str
    kind: str
    place: str
    by: date


@dataclass
class Chronicle:
    """The city, its offices and their acts so far."""

    policy: Policy
    city: str
    acts: list[Act | Import] = field(default_factory=list)
    units: dict[str, Unit] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    members: dict[str, Member] = field(default_factory=dict)
    ended: dict[str, Ended] = field(default_factory=dict)
    cleared: dict[str, date] = field(default_factory=dict)  # whose people moved out, from when
    # Whose type was mistaken when a round had begun: when each leaves the round, and comes back.
    misclassified: dict[str, tuple[date, date]] = field(default_factory=dict)

    insiders: dict[str, Insider] = field(default_factory=dict)
    bodies: dict[str, Body] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.figures = Figures(self.policy)
        self._people = people(chance("people"))
        self._offices: dict[tuple[str, str, int], str] = {}
        self._names: dict[str, Iterator[str]] = {}
        self._last_code: dict[str, int] = {}
        self._last_act: dict[tuple[str, date], datetime] = {}
        self._last_day: dict[str, date] = {}
        self._lives: dict[str, list[tuple[date, Member]]] = {}
        self.dissolved: dict[str, tuple[date, str]] = {}  # places: since when, and whose they were
        self._were: dict[str, list[tuple[date, Place | Unit]]] = {}
        self._picked: set[str] = set()
        self._shared: set[tuple[str, str]] = set()

    def note(
        self,
        day: date,
        stream: str,
        ask: Ask,
        by: Acting,
        *papers: Paper,
        despite: str | None = None,
    ) -> Act:
        """Note a command on a stream on a working day, with these documents."""
        act = Act(self._moment(day, stream), stream, ask, by, papers, despite)
        self.acts.append(act)
        return act

    def hand_in(
        self,
        day: date,
        file_name: str,
        as_of: date,
        asked: Sequence[tuple[str, Command[Any]]],
        by: Acting,
        *papers: Paper,
        source: BatchSource = "roster",
    ) -> None:
        """Note a list that an office submits, to be recorded as one batch."""
        text = "\n".join(f"{stream} {command.model_dump_json()}" for stream, command in asked)
        received = ReceiveBatch(
            source=source,
            file_name=file_name,
            file_digest=sha256(text.encode()).hexdigest(),
            rows=len(asked),
            as_of=as_of,
        )
        self.acts.append(Import(self._moment(day, file_name), received, tuple(asked), by, papers))

    def by(self, roles: str | Sequence[str], where: str, day: date, *, seat: str = "") -> Acting:
        """The person with the first of these roles at a jurisdiction on a day.

        People change office; another `seat` there is another person.
        """
        role = cast(Role, roles if isinstance(roles, str) else roles[0])
        office = (f"{role} {seat}", where, (day.year + _phase(where)) // TENURE_YEARS)
        if office not in self._offices:
            self._offices[office] = next(self._people)
        return Acting(
            actor=Actor(person=self._offices[office], unit=where),
            authority=Authority(role=role, jurisdiction=where),
        )

    def tenures(self) -> Iterator[Tenure]:
        """All who acted for a jurisdiction or a community, each with the years of their office."""
        for (role, where, number), person in self._offices.items():
            first = number * TENURE_YEARS - _phase(where)
            until = date(first + TENURE_YEARS, 1, 1)
            yield Tenure(person, role.strip(), where, date(first, 1, 1), until)

    def unit_of(self, member: Member) -> Unit:
        """The unit in which a community lies."""
        return self.units[self.places[member.place].unit]

    def keep(self, member: Member, **changes: object) -> Member:
        """Change the community's noted state."""
        after = replace(member, **changes)  # type: ignore[arg-type]
        life = self._lives.setdefault(member.id, [(member.since, member)])
        # Never before earlier acts: those may have been recorded long after their day.
        life.append((max(life[-1][0], self._last_day.get(member.stream, member.since)), after))
        self.members[member.id] = after
        return after

    def end(self, member: Member, effective_from: date, *heirs: str) -> None:
        """The community has ended on that day."""
        self.ended[member.id] = Ended(member, effective_from, heirs)
        del self.members[member.id]

    def ever(self) -> list[Member]:
        """All communities in their present or last state, including those that have ended."""
        return [*self.members.values(), *(each.member for each in self.ended.values())]

    def until(self, id: str) -> date | None:
        """The day on which a community ended; None if it exists."""
        return self.ended[id].effective_from if id in self.ended else None

    def on(self, id: str, day: date) -> Member:
        """A community as the offices knew it on a day."""
        life = self.life(id)
        return next((m for known_from, m in reversed(life) if known_from <= day), life[0][1])

    def life(self, id: str) -> Sequence[tuple[date, Member]]:
        """The states of a community as known to the offices, each with its first day."""
        last = self.members[id] if id in self.members else self.ended[id].member
        return self._lives.get(id, [(last.since, last)])

    def changes_on(self, id: str, day: date) -> bool:
        """Whether the offices learn on that day of a change of a community."""
        return any(known_from == day for known_from, _ in self.life(id)[1:])

    def put(self, place: Place | Unit, effective_from: date) -> None:
        """A place or unit is so from that day on, and was as it stood until then."""
        stand: dict[str, Any] = self.units if isinstance(place, Unit) else self.places
        self._were.setdefault(place.id, [(date.min, stand[place.id])])
        self._were[place.id].append((effective_from, place))
        stand[place.id] = place

    def first_name(self, id: str) -> str:
        """The name of a place or unit at the beginning of the story."""
        now: dict[str, Place | Unit] = {**self.places, **self.units}
        were = self._were.get(id)
        return were[0][1].name if were else now[id].name

    def place_on(self, id: str, day: date) -> Place:
        """A subdistrict or town as it was on a day, also one that was dissolved since."""
        return cast(Place, self._as_of(id, day) or self.places[id])

    def unit_on(self, member: Member, day: date) -> Unit:
        """The unit in which a community lay on a day, as that was then."""
        unit = self.place_on(self.on(member.id, day).place, day).unit
        return cast(Unit, self._as_of(unit, day) or self.units[unit])

    def _as_of(self, id: str, day: date) -> Place | Unit | None:
        were = reversed(self._were.get(id, []))
        return next((each for since, each in were if since <= day), None)

    def pick(
        self, story: str, day: date, fits: Callable[[Member], bool] = lambda _: True
    ) -> Member:
        """A community for a story that begins on a day: one that fits and has had no story yet."""
        free = [
            member
            for member in self.members.values()
            if member.id not in self._picked and member.since < day and fits(member)
        ]
        chosen = chance("pick", story).choice(free)
        self._picked.add(chosen.id)
        return chosen

    def pick_again(self, story: str, day: date) -> Member:
        """Any community, but each only once for the same kind of story."""
        kind = story.partition("/")[0]
        free = [
            member
            for member in self.members.values()
            if (kind, member.id) not in self._shared and member.since < day
        ]
        chosen = chance("pick", story).choice(free)
        self._shared.add((kind, chosen.id))
        return chosen

    def beside(self, member: Member) -> list[Member]:
        """The other communities of its subdistrict or town."""
        return [m for m in self.members.values() if m.place == member.place and m != member]

    def place(self, name: str) -> Place:
        """The subdistrict or town of this name."""
        return next(each for each in self.places.values() if each.name == name)

    def unit(self, name: str) -> Unit:
        """The unit of this name."""
        return next(each for each in self.units.values() if each.name == name)

    def in_place(self, name: str) -> list[Member]:
        """The communities of a subdistrict or town."""
        place = self.place(name)
        return [member for member in self.members.values() if member.place == place.id]

    def new_code(self, place: Place) -> str:
        """The next statistical code of a place that no community ever had."""
        number = self._last_code[place.code] = self._last_code.get(place.code, 0) + 1
        return f"{place.code}{number:03}"

    def new_name(self, profile: Mapping[str, IndicatorValue]) -> str:
        """A name such as communities with this profile have, used nowhere yet."""
        pool = _pool(profile)
        if pool not in self._names:
            names = list(POOLS[pool])
            chance("names", pool).shuffle(names)
            self._names[pool] = iter(names)
        return f"{next(self._names[pool])}社区"

    def city_paper(self, title: str, day: date) -> Paper:
        """A document of the city's civil affairs bureau."""
        return Paper(f"{CITY_NAME}民政局", f"{CITY_SHORT}民政发", title, day)

    def unit_paper(self, unit: Unit, title: str, day: date) -> Paper:
        """A document of the office of a unit that is in charge of communities."""
        if unit.level == "park":
            return Paper(f"{unit.name}社会事务局", f"{unit.short}社发", title, day)
        return Paper(f"{unit.name}民政局", f"{unit.short}民政发", title, day)

    def place_paper(self, place: Place, title: str, day: date) -> Paper:
        """A document of a subdistrict's or town's government."""
        if place.level == "subdistrict":
            short = place.name.removesuffix("街道")
            return Paper(f"{place.name}办事处", f"{short}街办发", title, day)
        return Paper(f"{place.name}人民政府", f"{place.name[:-1]}府发", title, day)

    def community_paper(self, member: Member, title: str, day: date) -> Paper:
        """A report of a community's residents' committee."""
        return Paper(f"{member.name}居民委员会", f"{member.name[:-2]}社报", title, day)

    def _moment(self, day: date, stream: str) -> datetime:
        """An hour of the office's day, after everything done with the stream that day."""
        assert working_day(day) == day, f"offices are closed on {day}"
        random = chance("moment", stream, day)
        morning = random.random() < 0.55
        opens = time(8, 40) if morning else time(14, 5)
        moment = datetime.combine(day, opens, UTC) - CHINA
        moment += timedelta(seconds=random.randrange(3 * 3600))
        if last := self._last_act.get((stream, day)):
            moment = last + timedelta(seconds=random.randrange(70, 240))
        self._last_act[stream, day] = moment
        self._last_day[stream] = day
        return moment


@cache
def _phase(where: str) -> int:
    """The year of a tenure in which the offices of a jurisdiction change."""
    return chance("office", where).randrange(TENURE_YEARS)


def _pool(profile: Mapping[str, IndicatorValue]) -> str:
    """What kind of name suits a profile."""
    if profile.get("separated-enterprise"):
        return "works"
    if profile.get("urban-fringe"):
        return "field"
    if profile.get("resident-units", 0) >= 18:
        return "office"
    if profile.get("business-floor-area", 0) >= 38:
        return "trade"
    return "estate" if profile.get("commercial-dwellings", 0) >= 55 else "lane"
