"""An oracle: what the reads have to show, folded from the raw entries by other means.

It shares no code with the product: a value on a day is what the newest statement says that is
neither void nor replaced, and nothing is kept from one question to the next.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

Entry = Mapping[str, Any]

# What an event states: the attribute, and the field that holds its value from `effective_from` on.
STATES = {
    "CommunityRenamed": ("name", "name"),
    "CommunityRecoded": ("code", "code"),
    "CommunityMoved": ("subdistrict", "subdistrict"),
    "CommunityClassified": ("type", "type"),
    "CommunityReclassified": ("type", "type"),
    "FeaturesSet": ("features", "features"),
    "JurisdictionRenamed": ("name", "name"),
    "JurisdictionRecoded": ("code", "code"),
    "JurisdictionMoved": ("parent", "parent"),
    "JurisdictionReconstituted": ("level", "level"),
    "SeatTownDesignated": ("seat_town", "town"),
}
CORRECTS = {
    "NameCorrected": ("name", "name"),
    "CodeCorrected": ("code", "code"),
    "PlaceCorrected": ("subdistrict", "subdistrict"),
    "ClassificationCorrected": ("type", "type"),
    "JurisdictionNameCorrected": ("name", "name"),
    "JurisdictionCodeCorrected": ("code", "code"),
    "JurisdictionParentCorrected": ("parent", "parent"),
}
BEGINS = {
    "CommunityRegistered": ("name", "code", "subdistrict"),
    "JurisdictionEstablished": ("level", "name", "code", "parent"),
}
MOVES_BEGINNING = ("RegistrationCorrected", "JurisdictionEstablishmentCorrected")
BECOMES = {
    "CommunityMerged": "merged",
    "CommunityAbolished": "abolished",
    "CommunityRestored": "active",
    "JurisdictionDissolved": "dissolved",
    "JurisdictionRestored": "active",
}
ANNULS = ("EntryAnnulled", "ClassificationAnnulled", "JurisdictionEntryAnnulled")
MONTHS = {"month": 1, "quarter": 3, "half-year": 6, "year": 12}
# What a step of a task makes of it, and the field with its day.
TASK: dict[str, tuple[str, dict[str, Any]]] = {
    "TaskAssigned": ("assigned_on", {"status": "assigned"}),
    "TaskReassigned": ("reassigned_on", {"status": "assigned"}),
    "TaskDeadlineExtended": ("extended_on", {}),
    "TaskCancelled": ("cancelled_on", {"status": "cancelled"}),
    "TaskAccepted": ("accepted_on", {"status": "accepted"}),
    "TaskProgressed": ("progressed_on", {}),
    "TaskReported": ("reported_on", {"status": "reported", "percent": 100}),
    "TaskClosedOut": ("closed_on", {"status": "closed"}),
    "TaskReturned": ("returned_on", {"status": "returned"}),
}
TASK_FIELDS = ("unit", "person", "due_on", "percent")
GRADE_FIELDS = ("grade", "rank", "of", "total")
GRADED = ("CommunityGraded", "CommunityRegraded", "GradeCorrected")
OPEN = ("assigned", "accepted", "reported", "returned")


class Statement(NamedTuple):
    """A value from a day on. Within a day the greater `order` counts: that of what it corrects."""

    day: str
    order: int
    version: int
    value: Any


class Dated:
    """What was stated about one community or jurisdiction."""

    def __init__(self) -> None:
        self.stated: defaultdict[str, list[Statement]] = defaultdict(list)
        self.replaces: list[tuple[int, str, int]] = []
        self.annuls: dict[int, int] = {}

    def add(self, entry: Entry) -> None:
        """Take one more entry in."""
        event, body, at = entry["event"], entry["body"], entry["version"]
        day = body.get("effective_from")
        if event in BEGINS:
            for name in BEGINS[event]:
                self.state(name, day, at, body.get(name))
            self.state("status", day, at, "active")
        elif event in STATES:
            name, field = STATES[event]
            self.state(name, day, at, body.get(field))
        elif event in CORRECTS:
            name, field = CORRECTS[event]
            self.correct(name, body["corrects"], day, at, body.get(field))
        elif event in BECOMES:
            self.state("status", day, at, BECOMES[event])
        elif event == "CommunitySplit" and not body["survives"]:
            self.state("status", day, at, "split")
        elif event == "SubtypeSet":
            within = body.get("type") or self.on("type", day)
            self.state(
                "subtype", day, at, (within, body.get("subtype")) if body.get("subtype") else None
            )
        elif event == "ClassificationRepealed":
            self.state("type", body["effective_until"], at, None)
        elif event in MOVES_BEGINNING:
            for name in list(self.stated):
                for first in [each for each in self.valid(name) if each.order == 1]:
                    self.correct(name, first.version, day, at, first.value)
        elif event in ANNULS:
            self.annuls[at] = body["annuls"]

    def state(self, name: str, day: str, version: int, value: Any, order: int = 0) -> None:
        """The entry `version` states a value."""
        self.stated[name].append(Statement(day, order or version, version, value))

    def correct(self, name: str, target: int, day: str, version: int, value: Any) -> None:
        """The entry `version` states a value in the place of what `target` stated."""
        order = next(each.order for each in self.stated[name] if each.version == target)
        self.replaces.append((version, name, target))
        self.state(name, day, version, value, order)

    def valid(self, name: str) -> list[Statement]:
        """The statements that are neither void nor replaced, in the order in which they hold."""
        void: set[int] = set()
        for by in sorted(self.annuls, reverse=True):
            if by not in void:
                void.add(self.annuls[by])
        gone = void | {target for by, of, target in self.replaces if of == name and by not in void}
        return sorted(each for each in self.stated[name] if each.version not in gone)

    def on(self, name: str, day: str) -> Any:
        """The value on a day."""
        held = [each.value for each in self.valid(name) if each.day <= day]
        return held[-1] if held else None

    def subtype_on(self, day: str) -> str | None:
        """The subtype on a day: the newest one that was set, while the type that it is of holds."""
        settings = [each for each in self.valid("subtype") if each.day <= day]
        if not settings or settings[-1].value is None:
            return None
        of, code = settings[-1].value
        types = self.valid("type")
        held = [each for each in types if each.day <= settings[-1].day]
        within = held[-1] if held else next(iter(types), None)
        if within is None or within.value != of or within.day > day:
            return None
        begins = max(within.day, settings[-1].day)
        others = [each for each in types if begins < each.day <= day and each.value != of]
        return None if others else str(code)

    def absent(self) -> Iterator[tuple[str, str | None]]:
        """The days from which it did not exist any more, each up to its restoration."""
        stated = self.valid("status")
        for each, following in zip(stated, [*stated[1:], None], strict=True):
            if each.value != "active":
                yield each.day, following.day if following else None


class Oracle:
    """The city as far as these entries tell of it."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.of: defaultdict[str, dict[str, list[Entry]]] = defaultdict(dict)
        self.entries = list(entries)
        for entry in self.entries:
            kind, _, id = entry["stream"].partition(":")
            self.of[kind].setdefault(id, []).append(entry)
        self.communities = self._dated("community")
        self.places = self._dated("jurisdiction")
        self.tasks = {id: _Task(of) for id, of in self.of["task"].items()}
        self.councils = {id: _Council(of) for id, of in self.of["council"].items()}
        self.grades = _grades(self.entries)

    def _dated(self, kind: str) -> dict[str, Dated]:
        found: dict[str, Dated] = {}
        for id, entries in self.of[kind].items():
            found[id] = Dated()
            for entry in entries:
                found[id].add(entry)
        return found

    def place(self, id: str | None, name: str, day: str) -> Any:
        """A value of a place on a day; None where it was not there yet."""
        found = self.places.get(id or "")
        return found.on(name, day) if found and found.on("status", day) else None

    def district_of(self, place: str | None, day: str) -> str | None:
        """The district that a place is, or lies in; the city lies in none."""
        above = self.place(place, "parent", day)
        if above and self.place(above, "parent", day):
            return str(above)
        return place if above else None

    def register(self, day: str) -> dict[str, dict[str, Any]]:
        """Every community that there was on a day or before, with its place on the day."""
        found = {}
        for id, each in self.communities.items():
            if (status := each.on("status", day)) is None:
                continue
            below = each.on("subdistrict", day)
            above = self.place(below, "parent", day)
            level = self.place(below, "level", day)
            seat = self.place(above, "seat_town", day)
            found[id] = {
                "status": status,
                "name": each.on("name", day),
                "code": each.on("code", day),
                "type": each.on("type", day),
                "subtype": each.subtype_on(day),
                "features": list(each.on("features", day) or ()),
                "subdistrict": below if self.place(below, "status", day) else None,
                "subdistrict_name": self.place(below, "name", day),
                "district": above if self.place(above, "status", day) else None,
                "district_name": self.place(above, "name", day),
                "urban": level == "subdistrict" or (level == "town" and seat == below),
            }
        return found

    def tasks_on(self, day: str) -> dict[str, dict[str, Any]]:
        """Every task that was assigned by a day, as it was then."""
        register, found = self.register(day), {}
        for id, task in self.tasks.items():
            if step := task.on(day):
                community = register.get(task.community or "", {})
                district = community.get("district") or self.district_of(task.jurisdiction, day)
                found[id] = {**step, "community": task.community, "district": district}
        return found

    def councils_on(self, day: str) -> dict[str, dict[str, Any]]:
        """The councils that stand on a day, in communities that do."""
        return {
            id: council.on(day, list(self.communities[council.community].absent()))
            for id, council in self.councils.items()
            if council.stands(day)
            and self.communities[council.community].on("status", day) in (None, "active")
        }

    def grades_on(self, day: str) -> dict[str, dict[str, Any]]:
        """The grade that each community has on a day: that of the round published last."""
        found: dict[str, dict[str, Any]] = {}
        in_turn = sorted((each.published_on, *place) for place, each in self.grades.items())
        for published_on, community, round in in_turn:
            grade = self.grades[community, round]
            active = self.communities[community].on("status", day) == "active"
            if grade.given and active and published_on <= day:
                found[community] = {**grade.fixed, **grade.given, "round": round}
        return found

    def figures_on(self, day: str, place: str | None = None) -> dict[str, Counter[str | None]]:
        """Figures of the dashboard in the city, or in a district or subdistrict: by value."""
        register = self.register(day)

        def active(community: str | None) -> bool:
            return community is None or register[community]["status"] == "active"

        def within(community: str | None, jurisdiction: str | None = None) -> bool:
            of = register[community] if community else {}
            above = of.get("district") or self.district_of(jurisdiction, day)
            return place is None or place in (of.get("subdistrict"), above, jurisdiction)

        standing = {id: each for id, each in register.items() if active(id) and within(id)}
        return {
            "communities": Counter(each["type"] for each in standing.values()),
            "unclassified": Counter(
                None for each in standing.values() if each["urban"] and each["type"] is None
            ),
            "graded": Counter(
                each["grade"] for id, each in self.grades_on(day).items() if id in standing
            ),
            "councils": Counter(
                each["council_kind"]
                for each in self.councils_on(day).values()
                if within(each["community"])
            ),
            "tasks-open": Counter(
                each["status"]
                for id, each in self.tasks_on(day).items()
                if each["status"] in OPEN and within(each["community"], self.tasks[id].jurisdiction)
            ),
        }


class _Task:
    """The steps of a task that are not void."""

    def __init__(self, entries: list[Entry]) -> None:
        first = entries[0]["body"]
        self.community, self.jurisdiction = first.get("community"), first.get("jurisdiction")
        void = {e["body"]["annuls"] for e in entries if e["event"] == "TaskStepAnnulled"}
        self.steps: list[tuple[str, dict[str, Any]]] = []
        for entry in entries:
            if entry["version"] not in void and entry["event"] != "TaskStepAnnulled":
                self.steps.append(self._after(entry["event"], entry["body"]))

    def _after(self, event: str, body: Entry) -> tuple[str, dict[str, Any]]:
        day, news = TASK[event]
        stated = {name: body[name] for name in TASK_FIELDS if body.get(name) is not None}
        if event == "TaskReturned":
            undone = [step["percent"] for _, step in self.steps if step["status"] != "reported"]
            stated["percent"] = undone[-1]
        was = self.steps[-1][1] if self.steps else {"percent": 0}
        return body[day], {**was, **stated, **news}

    def on(self, day: str) -> dict[str, Any] | None:
        """How it was on a day."""
        return next((step for since, step in reversed(self.steps) if since <= day), None)


class _Council:
    """A council with its members and the days of its sessions."""

    def __init__(self, entries: list[Entry]) -> None:
        first = entries[0]["body"]
        self.community: str = first["community"]
        self.first = {name: first[name] for name in ("community", "title", "council_kind")}
        self.founded_on: str = first["founded_on"]
        self.cadence: tuple[str, int] = first["per"], first["sessions_min"]
        self.void, self.dissolved_on = False, ""
        self.held: dict[str, str] = {}
        void = {e["body"]["annuls"] for e in entries if e["event"] == "MembershipAnnulled"}
        self.spells = [[each, self.founded_on, ""] for each in first["members"]]
        for entry in entries:
            if entry["version"] not in void:
                self._add(entry["event"], entry["body"])

    def _add(self, event: str, body: Entry) -> None:
        match event:
            case "CouncilMemberJoined":
                self.spells.append([body["member"], body["joined_on"], ""])
            case "CouncilMemberLeft":
                (spell,) = (s for s in self.spells if s[0] == body["member"] and not s[2])
                spell[2] = body["left_on"]
            case "CouncilDissolved":
                self.dissolved_on = body["dissolved_on"]
            case "SessionHeld" | "SessionCorrected":
                self.held[body["session"]] = body["held_on"]
            case "CouncilEntryAnnulled":
                self.void |= body["stated"] == "founding"
                if body["stated"] == "dissolution":
                    self.dissolved_on = ""
                self.held.pop(body.get("session", ""), None)

    def stands(self, day: str) -> bool:
        """Whether it exists on a day, as far as its community does."""
        ended = self.dissolved_on and self.dissolved_on <= day
        return not self.void and self.founded_on <= day and not ended

    def on(self, day: str, absent: list[tuple[str, str | None]]) -> dict[str, Any]:
        """What it is on a day; `absent` are the days without its community."""
        members = [s for s in self.spells if s[1] <= day and (not s[2] or s[2] > day)]
        held = [each for each in self.held.values() if each <= day]
        missed = [
            1
            for begin, until in self._periods(day)
            if not any(end < until and (again is None or again > begin) for end, again in absent)
            and sum(begin <= each < until for each in held) < self.cadence[1]
        ]
        return {**self.first, "members": len(members), "held": len(held), "missed": len(missed)}

    def _periods(self, day: str) -> Iterator[tuple[str, str]]:
        """The calendar periods that are over, from the first whole one."""
        months = MONTHS[self.cadence[0]]
        number = int(self.founded_on[:4]) * 12 // months
        while True:
            begin, until = (
                date(month // 12, month % 12 + 1, 1).isoformat()
                for month in (number * months, (number + 1) * months)
            )
            if until > day:
                return
            if begin >= self.founded_on:
                yield begin, until
            number += 1


class _Grade(NamedTuple):
    """A community's grade by a round, since the day on which it was published; None if void."""

    published_on: str
    fixed: dict[str, Any]
    given: dict[str, Any] | None


def _grades(entries: Iterable[Entry]) -> dict[tuple[str, str], _Grade]:
    """The grades by community and round."""
    found: dict[tuple[str, str], _Grade] = {}
    for entry in entries:
        event, body = entry["event"], entry["body"]
        if event == "ResultsListed":
            for each in body["results"]:
                found[each["community"], body["round"]] = _Grade(
                    body["published_on"],
                    {name: each[name] for name in ("type", "unit")},
                    {name: each[name] for name in GRADE_FIELDS},
                )
        elif event == "ResultsAnnulled":
            for place in ((community, body["round"]) for community in body["communities"]):
                if place in found:
                    found[place] = found[place]._replace(given=None)
        elif event in (*GRADED, "GradeAnnulled"):
            place = body["community"], body["round"]
            if was := found.get(place):
                news = {name: body[name] for name in GRADE_FIELDS if name in body}
                given = {**(was.given or {}), **news} if event in GRADED else None
                found[place] = was._replace(given=given)
    return found
