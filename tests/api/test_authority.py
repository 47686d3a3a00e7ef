"""Who may do what, asked of every operation: each command and each read, by each role, in scope and
out of it, without a grant, under one that has ended, and about ids of another city.

Every request names a version that no stream has: whoever may ask is told that it has changed (412),
and nothing is recorded, so that no request depends on another.
"""

import json
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import cycle
from typing import Any, NamedTuple, get_args
from uuid import uuid4

import pytest
from fastapi import FastAPI

from access.access import Access
from api.http.kernel.examples import example_of
from api.http.kernel.lock import PUBLIC, takes_grant
from api.http.kernel.signed_in import COOKIE
from api.http.openapi import kept
from domain.authority.granting import GrantAuthority, RevokeAuthority
from domain.commands import COMMANDS, OTHERS, permissions
from domain.kernel.command import Command
from domain.kernel.context import Acting, Actor, Authority, Role
from domain.kernel.named import streams_named
from domain.kernel.policy import built_in
from domain.kernel.refusal import NotAuthorised, Stale
from domain.person.registration import RegisterPerson
from domain.programme.drafting import DraftProgramme
from domain.unit.registration import RegisterUnit
from record.store.record import CHINA
from tests.api.clerk import Clerk, at_the_door
from tests.api.test_commands import AT_THE_COMMAND_LINE_ONLY, THROUGH_IMPORTS_ONLY
from tests.city import CITY, DISTRICT, SUBDISTRICT, acting, establish, found, put_on_register
from tests.databases import Databases
from tests.officials import CHEAP, INITIAL, OFFICE, PASSWORD, grant_of, key_of
from tests.projections.life import Life

POLICY = built_in()["2021"].policy
ROLES: tuple[Role, ...] = tuple(each for each in get_args(Role) if each != "system")
BEGIN = date(2020, 1, 1)
OTHER, ELSEWHERE = "youxian", "a2" * 8
NEVER = {"If-Match": '"999999"'}
# What is on record in the district, for the parameters of a path.
ON_RECORD = {
    "community": "a",
    "jurisdiction": SUBDISTRICT,
    "unit": "inside",
    "person": "insider",
    "round": "r",
    "task": "t0",
    "council": "a",
    "partnership": "p",
    "checkin": "k",
    "exemplar": "x",
    "honour": "h",
    "programme": f"{DISTRICT}.2025",
    "measure": f"e.{POLICY.community_type('old-courtyard').measures[0].code}",
}
OF_SUPPORT, NOT_YET_SUPPORTED = {"community": "b"}, {"community": "e"}
# Their subjects are public; where the grant or the post is lies in the jurisdiction.
OF_ANYBODY = {"authorities.grant", "people.take-post"}
# What a read asks for beside that.
READ_OF = {
    **ON_RECORD,
    "version": "2021",
    "kind": "tasks",
    "figure": "communities",
    "session": "s0",
}
ASKED_FOR = {"search.find": "?q=社区"}
# What everybody reads: by subject, and of the others; and the lists that hold some of it.
PUBLIC_SUBJECTS = {"record", "policies", "jurisdictions", "units", "people", "operations"}
PUBLIC_READS = {
    *("rounds.list", "rounds.get", "rounds.timeline", "imports.template", "milestones.list"),
    *("entries.list", "timelines.late", "authorities.list"),
}
PUBLIC_FIGURES = {"recorded-late", "under-dissolved"}  # of the registers of places and offices
OF_THE_CITY = {"authorities.timeline"}
# Documents: test_scope.py. Metrics: of the process.
READ_ELSEWHERE = {"attachments.get", "attachments.entries", "operations.metrics"}
OF_THE_MOMENT = {"imports.template", "operations.status"}
AS_THEIR_ROWS = {"imports.submit", "imports.annotate"}  # each row is a command
LACKING, OUT_OF_SCOPE = (403, "role.lacking"), (403, "place.out-of-scope")


MAY = (412, "record.other-version")
UNASKED = THROUGH_IMPORTS_ONLY | AT_THE_COMMAND_LINE_ONLY

Answer = tuple[int, str | None]


class Asked(NamedTuple):
    """A command as a request: name, address, body, and its class."""

    operation: str
    path: str
    ids: tuple[str, ...]
    body: dict[str, Any]
    command: type[Command[Any]]

    @property
    def table(self) -> tuple[Role, ...]:
        """The roles that have it, by the table of permissions; that of the system nobody holds."""
        return tuple(each for each in ROLES if each in self.command.permission.roles(POLICY))

    @property
    def narrowed(self) -> bool:
        """Whether the roles depend on the state, and so may be fewer than in the table."""
        return self.command.roles is not Command.roles

    @property
    def address(self) -> str:
        """Where it is sent."""
        ids = iter(self.ids)
        return re.sub(r"{\w+}", lambda _: next(ids), self.path)

    @property
    def stream(self) -> str:
        """The stream of its subject, or of one that it begins."""
        subject = self.command.subject_type()
        id = ".".join(self.ids) or self.parsed.subject_id() or "begun"
        return subject.kind if subject.single else f"{subject.kind}:{id}"

    @property
    def parsed(self) -> Command[Any]:
        """The command itself."""
        return self.command.model_validate({k: v for k, v in self.body.items() if k != "basis"})

    @property
    def of_the_city(self) -> bool:
        """Whether its subject is the whole city's."""
        return self.command.subject_type().kind in ("round", "policy")

    def elsewhere(self) -> "Asked":
        """The same of a subject that is of another city."""
        return self._replace(ids=tuple(ELSEWHERE for _ in self.ids))


def commands() -> Iterator[Asked]:
    """Every command of the description, about the district."""
    for path, operations in kept()["paths"].items():
        content = operations.get("post", {}).get("requestBody", {}).get("content", {})
        name = content.get("application/json", {}).get("schema", {}).get("$ref", "")
        command = COMMANDS.get(name.rpartition("/")[2])
        if command is None:
            continue
        operation, known = operations["post"]["operationId"], ON_RECORD
        if operation.startswith("supports."):
            known = known | (NOT_YET_SUPPORTED if operation == "supports.begin" else OF_SUPPORT)
        ids = tuple(known[name] for name in re.findall(r"{(\w+)}", path))
        yield Asked(operation, path, ids, _inside(command), command)


def _inside(command: type[Command[Any]]) -> dict[str, Any]:
    """The example, of places in the district."""
    example = example_of(command)
    stated = command.model_validate({k: v for k, v in example.items() if k != "basis"})
    text = json.dumps(example)
    unused = {"community": iter("abec" * 9), "jurisdiction": iter((SUBDISTRICT, DISTRICT) * 9)}
    for stream in dict.fromkeys(streams_named(stated, "community", "jurisdiction")):
        kind, _, id = stream.partition(":")
        text = text.replace(json.dumps(id), json.dumps(next(unused[kind])))
    found: dict[str, Any] = json.loads(text)
    return found | {"unit": "inside"} if "unit" in found else found


def under_grants() -> Iterator[tuple[str, str, str]]:
    """The operations that take a grant: method, address, name."""
    for path, operations in kept()["paths"].items():
        if takes_grant(path) and path not in PUBLIC:
            for method in operations.keys() - {"head"}:
                yield method, path, operations[method]["operationId"]


ASKED = [*commands()]
READ = [(path, operation) for method, path, operation in under_grants() if method == "get"]


class Door:
    """One record for all, with a district in which everything is, and one with nothing in it."""

    def __init__(self, clerk: Clerk, today: list[datetime]) -> None:
        self.clerk, self.record = clerk, clerk.record
        self.access = Access(self.record.recorder.datastore, passwords=CHEAP)
        self._record_city()
        self.position = self.record.history("community:a")[0].position
        (self.grant,) = self.record.state("authority:insider").grants
        self.keys = {
            (role, place): self._key(role, place)
            for role in ROLES
            for place in (CITY, DISTRICT, OTHER)
        }
        ends: dict[str, Any] = {"effective_until": today[0].date() + timedelta(days=1)}
        self.expired = [self._key(role, CITY, f"expired.{role}", **ends) for role in ROLES]
        self.revoked = [self._key(role, CITY, f"revoked.{role}") for role in ROLES]
        for role in ROLES:
            (grant,) = self.record.state(f"authority:revoked.{role}").grants
            revoke = RevokeAuthority(grant=grant, reason="调离")
            self._do(f"authority:revoked.{role}", revoke, "system")
        today[0] += timedelta(days=1)
        self.nobody = [self._session()]
        clerk.catch_up()

    def send(self, asked: Asked, proof: dict[str, str]) -> Answer:
        """The status and the code of the answer to a command of no version that there is."""
        headers = {**NEVER, **proof, "Idempotency-Key": uuid4().hex}
        answer = self.clerk.bare.post(asked.address, json=self.body(asked), headers=headers)
        return answer.status_code, answer.json().get("code")

    def body(self, asked: Asked) -> dict[str, Any]:
        """The body of a request; one that names a grant names one that there is."""
        return asked.body | ({"grant": self.grant} if "grant" in asked.body else {})

    def address(self, path: str, operation: str) -> str:
        """That of a read about the district."""
        known = READ_OF | {"position": str(self.position)}
        if operation.startswith("supports."):
            known |= OF_SUPPORT
        filled = re.sub(r"{(\w+)}", lambda name: known[name[1]], path)
        return filled + ASKED_FOR.get(operation, "")

    def read(self, address: str, role: Role, place: str) -> Any:
        """The answer to a read."""
        return self.clerk.bare.get(address, headers=self.keys[role, place])

    def tried(self, asked: Asked, role: Role) -> Answer:
        """The same, by somebody of the city in this role, of the record itself."""
        key = self.record.state(f"authority:{role}.{CITY}")
        (grant,) = key.grants
        by = Acting(
            actor=Actor(person=f"{role}.{CITY}", unit=OFFICE),
            authority=Authority(role=role, jurisdiction=CITY, grant=grant),
        )
        try:
            self.record.carry_out(asked.stream, asked.parsed, by=by, if_version=999_999)
        except Stale as refusal:
            return 412, refusal.code
        except NotAuthorised as refusal:
            return 403, refusal.code
        raise AssertionError(asked)

    def _record_city(self) -> None:
        found(self.record, simulation=True)
        Life(self.record).lived()
        establish(self.record, OTHER, "district", "游仙区", CITY, "510704")
        office = RegisterUnit(
            name="区民政局", jurisdiction=DISTRICT, unit_kind="institution", effective_from=BEGIN
        )
        self._do("unit:inside", office)
        official = RegisterPerson(name="钱", unit="inside", title="科员", effective_from=BEGIN)
        self._do("person:insider", official)
        grant_of(self.record, role="auditor", person="insider", place=DISTRICT)
        draft = DraftProgramme(jurisdiction=DISTRICT, year=2025, title="工程", drafted_on=BEGIN)
        self._do(f"programme:{DISTRICT}.2025", draft)

    def _do(self, stream: str, command: Command[Any], role: Role = "arbiter") -> None:
        self.record.carry_out(stream, command, by=acting(role, unit=CITY))

    def _key(self, role: Role, place: str, person: str = "", **ends: Any) -> dict[str, str]:
        """What says that somebody acts in a role in a place, who does so nowhere else."""
        person = person or f"{role}.{place}"
        if ends:
            put_on_register(self.record, {f"person:{person}": person})
            grant = GrantAuthority(
                role=role, jurisdiction=place, effective_from=self.record.today(), **ends
            )
            self._do(f"authority:{person}", grant, "system")
        key = key_of(self.record, role=role, person=person, place=place)
        return {"Authorization": f"Bearer {key}"}

    def _session(self) -> dict[str, str]:
        """The session of an official with an account and without a grant."""
        put_on_register(self.record, {"person:nobody": "无人"})
        self.access.accounts.add(person="nobody", login="nobody", password=INITIAL)
        self.access.sign_in.change_password("nobody", old=INITIAL, new=PASSWORD)
        token = self.access.sessions.begin("nobody", address=None, agent=None)
        return {"Cookie": f"{COOKIE}={token}"}


@pytest.fixture(scope="module")
def door(app: FastAPI, databases: Databases) -> Iterator[Door]:
    """The door of that record, for all tests here."""
    today = [datetime.now(CHINA)]
    with databases.lent() as url, at_the_door(app, url, clock=lambda: today[0]) as clerk:
        yield Door(clerk, today)


def test_every_command_is_asked() -> None:
    assert len(ASKED) == len({each.operation for each in ASKED}) > 180
    assert {*COMMANDS.values()} - {each.command for each in ASKED} == UNASKED


def test_a_command_is_for_the_roles_in_the_table_and_for_no_other(door: Door) -> None:
    found = {(asked.operation, role): door.tried(asked, role) for asked in ASKED for role in ROLES}
    may = {
        asked.operation: {r for r in ROLES if found[asked.operation, r] == MAY} for asked in ASKED
    }

    assert {*found.values()} == {MAY, LACKING}
    assert {
        a.operation for a in ASKED if not a.narrowed and may[a.operation] != {*a.table}
    } == set()
    assert {
        a.operation for a in ASKED if a.narrowed and not may[a.operation] <= {*a.table}
    } == set()


def test_a_command_is_about_what_lies_in_the_jurisdiction_and_about_nothing_else(
    door: Door,
) -> None:
    for number, asked in enumerate(ASKED):
        may = asked.table[number % len(asked.table)]
        others = [each for each in ROLES if each not in asked.table]
        inside, outside = (door.send(asked, door.keys[may, place]) for place in (DISTRICT, OTHER))
        lacking = door.send(asked, door.keys[others[number % len(others)], DISTRICT])

        assert outside == OUT_OF_SCOPE, asked
        if asked.of_the_city:
            assert inside == lacking == OUT_OF_SCOPE, asked
        else:
            assert inside == MAY or (asked.narrowed and inside == LACKING), asked
            assert lacking == LACKING, asked


def test_every_operation_is_a_command_a_read_or_in_the_table() -> None:
    named = {operation for _, _, operation in under_grants()}
    others = named - {each.operation for each in ASKED} - {operation for _, operation in READ}

    assert others - OTHERS.keys() == AS_THEIR_ROWS
    assert OTHERS.keys() - named == {"despite"}


def test_what_is_no_command_is_for_the_roles_in_the_table_and_for_no_other(door: Door) -> None:
    may = {each.command: each.roles for each in permissions(POLICY)}
    found: dict[str, set[Role]] = {}
    for method, path, operation in under_grants():
        for role in ROLES if operation in OTHERS else ():
            answer = door.clerk.bare.request(method, path, headers=door.keys[role, CITY])
            if answer.status_code != 403:
                found.setdefault(operation, set()).add(role)

    assert found == {name: {*may[name]} for name in OTHERS if name != "despite"}


def test_a_read_is_for_every_role_in_scope_and_tells_none_what_is_out_of_it(door: Door) -> None:
    roles = cycle(ROLES)
    for path, operation in READ:
        if operation in OTHERS.keys() | READ_ELSEWHERE:
            continue
        address = door.address(path, operation)
        answers = {role: door.read(address, role, DISTRICT) for role in ROLES}
        role = next(roles)
        outside = door.read(address, role, OTHER)

        assert {each.status_code for each in answers.values()} == {
            404 if operation in OF_THE_CITY else 200
        }, address
        if operation not in OF_THE_MOMENT:
            assert len({each.text for each in answers.values()}) == 1, address
        if operation.partition(".")[0] not in PUBLIC_SUBJECTS and operation not in PUBLIC_READS:
            assert is_nothing(outside), (address, outside.text)
            if "items" in outside.json():
                file = door.read(
                    address + f"{'&' if '?' in address else '?'}format=csv", role, OTHER
                )
                assert (file.status_code, len(file.text.splitlines())) == (200, 1), address


def is_nothing(answer: Any) -> bool:
    """Whether it says that there is none: not on record, no line, every figure zero."""
    body = answer.json()
    counted = {each["code"] for each in body.get("figures", ()) if each["count"]}
    return answer.status_code == 404 or not (body.get("items") or counted - PUBLIC_FIGURES)


def test_an_id_of_another_city_is_as_one_out_of_scope(door: Door) -> None:
    found = {
        each.operation: door.send(each.elsewhere(), door.keys[each.table[0], DISTRICT])
        for each in ASKED
        if each.ids
    }

    assert {name for name, each in found.items() if each != OUT_OF_SCOPE} == OF_ANYBODY


@pytest.mark.parametrize(
    ("who", "code"),
    [
        ("nobody", "authority.none-in-force"),
        ("expired", "authority.not-in-force"),
        ("revoked", "authority.not-in-force"),
    ],
)
def test_without_a_grant_in_force_no_operation_is_answered(door: Door, who: str, code: str) -> None:
    proofs = cycle(getattr(door, who))
    answers = {
        (method, path): door.clerk.bare.request(
            method, re.sub(r"{(\w+)}", ELSEWHERE, path), headers=next(proofs)
        )
        for method, path, _ in under_grants()
    }

    assert len(answers) > 290
    found = {(each.status_code, each.json()["code"]) for each in answers.values()}
    assert found == {(403, code)}
