"""No read leaks: every GET operation of the API, asked by readers of a district, a subdistrict and
a community about what lies in their scope and what does not, compared with what the city reads."""

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

import psycopg
import pytest
from fastapi import FastAPI

from access.access import Access
from api.http.app import ROUTES
from domain.authority.granting import GrantAuthority
from domain.kernel.context import Acting, Actor, Authority
from record.store.record import CHINA, Record
from tests.api.clerk import Clerk, at_the_door
from tests.databases import Databases, Server

pytestmark = [pytest.mark.unchecked, pytest.mark.slow]
EVERYTHING = tuple(sorted({f"{subject}.*" for subjects in ROUTES.values() for subject in subjects}))
PUBLIC = ("record", "policy", "jurisdiction", "unit", "person", "round")
PLACES = ("community", "jurisdiction", "subdistrict")
ID = re.compile(r"(?<![a-z2-7-])[a-z2-7]{16}(?![a-z2-7-])")
# What a reader has of their own, and what is about the process and not about the record.
# The grants of a person are everywhere in the city.
OF_THE_CITY = ("authorities.timeline",)
NOT_THE_RECORD = (
    "session.get",
    "sessions.list",
    "keys.list",
    "audit.list",
    "audit.check",
    "audit.export",
    "operations.metrics",
)
# What an operation cannot do without.
ASKED = {"search.find": "?q=社区"}


class Oracle:
    """What lies where, folded from the raw entries without any code of the product."""

    def __init__(self, url: str) -> None:
        with psycopg.connect(url) as connection:
            rows = connection.execute("select state from record.entries order by notification_id")
            self.entries = [json.loads(row[0]) for row in rows]
        self.offices = {
            each["body"]["name"]
            for each in self.entries
            if each["stream"].startswith("unit:") and "name" in each["body"]
        }
        self.above: dict[str, str] = {}
        self.lies: dict[str, set[str]] = defaultdict(set)
        self.names: dict[str, set[str]] = defaultdict(set)
        moves: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for entry in self.entries:
            kind, _, id = entry["stream"].partition(":")
            body = entry["body"]
            if kind == "community":
                self.lies[entry["stream"]].add(id)
                self.names[id] |= {body[name] for name in ("name", "code") if body.get(name)}
                if "subdistrict" in body:
                    moves[id].append((body.get("effective_from", ""), body["subdistrict"]))
            elif kind == "jurisdiction" and body.get("parent"):
                moves[id].append((body.get("effective_from", ""), body["parent"]))
            elif entry["version"] == 1:
                self.lies[entry["stream"]] |= {body[name] for name in PLACES if body.get(name)}
        self.above = {id: max(found, key=lambda each: each[0])[1] for id, found in moves.items()}

    def within(self, top: str) -> set[str]:
        """The places that lie in a place, and itself."""
        return {top} | {id for id in self.above if top in self._upwards(id)}

    def _upwards(self, id: str) -> Iterator[str]:
        while id := self.above.get(id, ""):
            yield id


class Reader(NamedTuple):
    """Somebody who reads under a key, and what is and is not in their scope."""

    clerk: Clerk
    key: str
    top: str
    inside: frozenset[str]
    oracle: Oracle

    def get(self, path: str, **query: Any) -> Any:
        """The answer to a read."""
        address = f"{path}?{urlencode(query)}" if query else path
        return self.clerk.client.get(address, headers={"Authorization": f"Bearer {self.key}"})

    def streams(self, *, inside: bool) -> list[str]:
        """The subjects that are not public and lie in scope, or those that do not."""
        return [
            stream
            for stream, places in self.oracle.lies.items()
            if places and bool(places & self.inside) == inside
            if stream.partition(":")[0] not in PUBLIC
        ]

    def secrets(self) -> tuple[set[str], set[str]]:
        """The ids and the names of what is out of scope, and of nothing else."""
        ids = {part for s in self.streams(inside=False) for part in ID.findall(s)}
        known = {part for s in self.streams(inside=True) for part in ID.findall(s)}
        public = {
            part
            for entry in self.oracle.entries
            if entry["stream"].partition(":")[0] in PUBLIC
            for part in ID.findall(entry["stream"])
        }
        outside = self.oracle.names.keys() - self.inside
        names = {n for id in outside for n in self.oracle.names[id]}
        own = {n for id in self.inside for n in self.oracle.names.get(id, ())}
        return ids - known - public, {n for n in names if not any(n in each for each in own)}


@pytest.fixture(scope="module")
def copied(databases: Databases, server: Server, city: str) -> str:
    """The url of a copy of the demo city."""
    return server.limited(databases.new(template=urlsplit(city).path[1:]))


@pytest.fixture(scope="module")
def oracle(copied: str) -> Oracle:
    """What lies where in it."""
    return Oracle(copied)


@pytest.fixture(scope="module")
def readers(app: FastAPI, copied: str, oracle: Oracle) -> Iterator[dict[str, Reader]]:
    """Readers of the city, of a district, of a subdistrict in it and of a community in that."""
    with at_the_door(app, copied) as clerk:
        record: Record = app.state.record
        persons = [
            e["stream"].partition(":")[2]
            for e in oracle.entries
            if e["stream"].startswith("person:")
            and e["version"] == 1
            and not record.state("authority:" + e["stream"].partition(":")[2]).version
        ][:4]
        tops = _tops(record, oracle)
        found = {}
        for person, (name, top) in zip(persons, tops.items(), strict=True):
            key = _key(record, person, top)
            within = oracle.within(top)
            found[name] = Reader(clerk, key, top, frozenset(within), oracle)
        clerk.catch_up()
        yield found


def _tops(record: Record, oracle: Oracle) -> dict[str, str]:
    """The city, and the places of the community on which most is on record."""
    on_record: dict[str, int] = defaultdict(int)
    for places in oracle.lies.values():
        for place in places:
            on_record[place] += 1
    communities = [s.partition(":")[2] for s in oracle.lies if s.startswith("community:")]
    community = max(communities, key=lambda id: on_record[id])
    subdistrict = oracle.above[community]
    return {
        "city": record.state("record").city,
        "district": oracle.above[subdistrict],
        "subdistrict": subdistrict,
        "community": community,
    }


def _key(record: Record, person: str, top: str) -> str:
    city = record.state("record").city
    kind = "community" if record.state(f"community:{top}").version else "jurisdiction"
    by = Acting(
        actor=Actor(person="office", unit=city),
        authority=Authority(role="system", jurisdiction=city),
    )
    stated = {"role": "auditor", "effective_from": datetime.now(CHINA).date(), kind: top}
    command = GrantAuthority.model_validate(stated)
    record.carry_out(f"authority:{person}", command, by=by)
    (grant,) = record.state(f"authority:{person}").standing()
    keys = Access(record.recorder.datastore).keys
    new = keys.create(
        person=person,
        grant=grant.grant,
        title="测试",
        operations=EVERYTHING,
        lasts=timedelta(days=1),
        by=person,
    )
    return new.text


def _described(app: FastAPI) -> list[tuple[str, str, list[str]]]:
    """The GET operations: name, address, and the parameters of their path."""
    return [
        (ops["get"]["operationId"], path, re.findall(r"{(\w+)}", path))
        for path, ops in app.openapi()["paths"].items()
        if "get" in ops and ops["get"]["operationId"] not in NOT_THE_RECORD
    ]


class Paths:
    """Values for the parameters of a path, of subjects that lie in a scope or out of it."""

    def __init__(self, reader: Reader, *, inside: bool, most: int = 2) -> None:
        self._by_kind: dict[str, list[str]] = defaultdict(list)
        for stream in reader.streams(inside=inside):
            kind, _, id = stream.partition(":")
            self._by_kind[kind].append(id)
        self.documents = {
            digest
            for entry in reader.oracle.entries
            if entry["stream"].partition(":")[0] in PUBLIC
            for digest in _documents(entry)
        }
        streams = {f"{kind}:{id}" for kind, ids in self._by_kind.items() for id in ids}
        self._others: dict[str, list[Any]] = defaultdict(list)
        for entry in reader.oracle.entries:
            kind, _, id = entry["stream"].partition(":")
            if entry["version"] == 1 and kind in PUBLIC and inside:
                self._by_kind[kind].append(id)
            if entry["stream"] in streams:
                self._others["position"].append(entry["position"])
                self._others["digest"] += _documents(entry)
                self.documents |= {*_documents(entry)}
                if "session" in entry["body"]:
                    self._others["session"].append((id, entry["body"]["session"]))
        if not inside:  # a document that something else rests on, too, is not secret
            known = Paths(reader, inside=True).documents
            self._others["digest"] = [d for d in self._others["digest"] if d not in known]
        self._most = most

    def of(self, path: str, names: list[str]) -> list[dict[str, Any]]:
        """Some values for these parameters; none for a path that only has public ones."""
        if names == ["round", "community"]:
            kind = "support" if "/supports/" in path else "review"
            pairs = [id.split(".") for id in self._by_kind[kind]]
            return [dict(zip(names, pair, strict=True)) for pair in pairs[: self._most]]
        if names == ["council", "session"]:
            sessions = self._others["session"][: self._most]
            return [dict(zip(names, pair, strict=True)) for pair in sessions]
        (name,) = names
        values = self._others.get(name) or self._by_kind[name]
        return [{name: value} for value in values[: self._most]]


def _pages(reader: Reader, path: str, **query: Any) -> Iterator[Any]:
    """The pages of a list."""
    cursor: dict[str, Any] = {}
    while True:
        answer = reader.get(path, limit=200, **query, **cursor)
        assert answer.status_code == 200, (path, answer.text)
        yield answer
        following = answer.json()["next"]
        if not following:
            return
        cursor = {"after" if path.endswith("/entries") else "cursor": following}


class Inquiry:
    """Asks every GET operation as a reader and as the city, and notes what breaks the rule."""

    def __init__(self, readers: Mapping[str, Reader], app: FastAPI, name: str) -> None:
        self.reader, self.city = readers[name], readers["city"]
        self.app = app
        self.ids, names = self.reader.secrets()
        assert self.ids, "there is something out of scope"
        self.names = re.compile("|".join(map(re.escape, sorted(names))))
        self.offices = self.reader.oracle.offices
        self.found: list[str] = []

    def ask(self) -> list[str]:
        """What differs."""
        inside, outside = (Paths(self.reader, inside=each) for each in (True, False))
        for operation, path, parameters in _described(self.app):
            for values in self._one_of_a_list(parameters) or inside.of(path, parameters):
                address = path.format(**values) + ASKED.get(operation, "")
                self._shows_no_secret(operation, address)
            if parameters and not self._one_of_a_list(parameters):
                for values in outside.of(path, parameters):
                    last = parameters[-1]
                    never = {**values, last: _never(values[last])}
                    self._is_as_if_it_were_not(path, values, never)
        return self.found

    def _one_of_a_list(self, parameters: list[str]) -> list[dict[str, Any]]:
        """Values of what is no subject."""
        if parameters == ["figure"]:
            figures = self.city.get("/api/v1/dashboard").json()["figures"]
            return [{"figure": each["code"]} for each in figures]
        only = {"kind": "tasks", "version": "2021"}
        found = {name: only[name] for name in parameters if name in only}
        return [found] if found or not parameters else []

    def _is_as_if_it_were_not(
        self, path: str, values: Mapping[str, Any], never: Mapping[str, Any]
    ) -> None:
        there = path.format(**values)
        if self.city.get(there).status_code != 200:
            return
        hidden, nothing = self.reader.get(there), self.reader.get(path.format(**never))
        if hidden.status_code != 404:
            self.found.append(f"{there}: {hidden.status_code} {hidden.text[:300]}")
        elif _without(hidden.text, values) != _without(nothing.text, never):
            self.found.append(f"{there}: {hidden.text} is not {nothing.text}")

    def _named(self, text: str) -> Iterator[str]:
        """The secret names in a text; none that begins the name of an office, which is public."""
        for found in self.names.finditer(text):
            offices = (each for each in self.offices if each.startswith(found[0]))
            if not any(text.startswith(each, found.start()) for each in offices):
                yield found[0]

    def _shows_no_secret(self, operation: str, address: str) -> None:
        answer = self.reader.get(address)
        right = 404 if operation in OF_THE_CITY else self.city.get(address).status_code
        if answer.status_code != right:
            self.found.append(f"{address}: {answer.status_code} {answer.text[:300]}")
        elif "json" in answer.headers["content-type"]:
            text = json.dumps(answer.json(), ensure_ascii=False)
            if told := sorted({*self.ids & {*ID.findall(text)}, *self._named(text)}):
                at = text.find(told[0])
                self.found.append(f"{address} tells {told[:5]}: {text[max(0, at - 150) : at + 60]}")


def _documents(entry: Mapping[str, Any]) -> list[str]:
    return [digest for each in entry.get("basis", ()) for digest in each.get("attachments", ())]


def _never(value: Any) -> Any:
    return 2**40 if isinstance(value, int) else "0" * len(value) if len(value) == 64 else "a2" * 8


def _without(text: str, values: Mapping[str, Any]) -> str:
    for value in sorted(map(str, values.values()), key=len, reverse=True):
        text = re.sub(rf"(?<![0-9a-z]){re.escape(value)}(?![0-9a-z])", "…", text)
    return re.sub(r'"(request_id|instance)":"[^"]*"', "", text)


@pytest.mark.parametrize("name", ["district", "subdistrict", "community"])
def test_no_read_tells_what_is_out_of_scope(
    readers: dict[str, Reader], app: FastAPI, name: str
) -> None:
    assert Inquiry(readers, app, name).ask() == []


def counts(reader: Reader, **query: str) -> dict[str, Any]:
    """The figures of a dashboard, with their groups."""
    found = reader.get("/api/v1/dashboard", **query).json()["figures"]
    return {
        each["code"]: (each["count"], {g["value"]: g["count"] for g in each["groups"]})
        for each in found
    }


def test_a_figure_counts_what_is_in_scope_and_is_what_the_city_counts_there(
    readers: dict[str, Reader],
) -> None:
    district = readers["district"]

    assert counts(district) == counts(readers["city"], jurisdiction=district.top)
    assert counts(district) == counts(district, jurisdiction=district.top)


def listed(reader: Reader, path: str, key: str, **query: Any) -> list[str]:
    """The keys of all lines of a list, page after page."""
    return [each[key] for page in _pages(reader, path, **query) for each in page.json()["items"]]


@pytest.mark.parametrize(
    ("path", "key", "kind"),
    [
        ("communities", "community", "community"),
        ("tasks", "task", "task"),
        ("partnerships", "partnership", "partnership"),
        ("check-ins", "checkin", "checkin"),
        ("councils", "council", "council"),
        ("honours/households", "honour", "honour"),
        ("programmes", "programme", "programme"),
        ("grades", "community", "community"),
        ("entries", "position", ""),
    ],
)
def test_a_list_has_the_lines_of_the_city_that_are_in_scope(
    readers: dict[str, Reader], path: str, key: str, kind: str
) -> None:
    where = {"status": "any"} if path in ("communities", "tasks") else {}
    for name in ("district", "community"):
        reader = readers[name]
        own = listed(reader, f"/api/v1/{path}", key, **where)
        if kind:
            every = listed(readers["city"], f"/api/v1/{path}", key, **where)
            in_scope = {*reader.streams(inside=True)}
            assert own == [id for id in every if f"{kind}:{id}" in in_scope]
        assert own or name == "community"


def test_a_cursor_of_another_scope_is_refused(readers: dict[str, Reader]) -> None:
    page = readers["city"].get("/api/v1/communities", limit=1).json()["next"]

    answer = readers["district"].get("/api/v1/communities", limit=1, cursor=page)

    assert (answer.status_code, answer.json()["code"]) == (422, "parameter.foreign-cursor")


def test_a_filter_by_what_is_out_of_scope_is_by_what_is_not_there(
    readers: dict[str, Reader],
) -> None:
    reader = readers["subdistrict"]
    there = next(s for s in reader.streams(inside=False) if s.startswith("community:"))
    community = there.partition(":")[2]
    for path in ("tasks", "councils", "partnerships", "dashboard", "check-ins"):
        hidden = reader.get(f"/api/v1/{path}", community=community)
        nothing = reader.get(f"/api/v1/{path}", community="a2" * 8)
        assert hidden.status_code == nothing.status_code == 404
        assert hidden.text.replace(community, "…") == nothing.text.replace("a2" * 8, "…")


def test_a_rank_is_among_all_of_the_city_and_told_of_those_in_scope(
    readers: dict[str, Reader],
) -> None:
    reader, city = readers["district"], readers["city"]
    rounds = listed(city, "/api/v1/rounds", "round")
    for round in rounds:
        path = f"/api/v1/rounds/{round}/ranking"
        every = [each for page in _pages(city, path) for each in page.json()["items"]]
        own = [each for page in _pages(reader, path) for each in page.json()["items"]]
        right = {each["community"]: each["rank"] for each in every}
        assert {each["community"]: each["rank"] for each in own} == {
            id: rank for id, rank in right.items() if id in reader.inside
        }
