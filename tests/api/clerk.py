"""Somebody at the HTTP door: sends commands by key, and has the read models catch up."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import uuid4

from fastapi import FastAPI
from fastapi.testclient import TestClient

from access.access import Access
from api.http.kernel.signed_in import COOKIE
from domain.founding.founding import FoundRecord
from domain.kernel.context import Role
from projections.all import PROJECTIONS
from projections.engine.view import ReadModels
from projections.engine.worker import catch_up
from record.disk import Disk
from record.store.record import Record
from tests.access.conftest import SEAL
from tests.city import CITY, FOUND, acting
from tests.officials import key_of, session_of

ADDRESS = "http://127.0.0.1:8000"
Body = dict[str, Any]


class Clerk:
    """A client of one app over one database."""

    def __init__(self, bare: TestClient, url: str, person: str) -> None:
        self.bare = bare  # with no key
        self.person = person
        self.url = url
        self._keys: dict[tuple[str, str, str], str] = {}

    @property
    def record(self) -> Record:
        """The record that the app serves."""
        found: Record = self.bare.app.state.record  # type: ignore[attr-defined]
        return found

    @property
    def client(self) -> TestClient:
        """In a session of the city's arbiter, once there is a city."""
        if COOKIE not in self.bare.cookies and self.record.state("record").version:
            self.bare.cookies.set(
                COOKIE, session_of(self.record, person=self.person), domain="127.0.0.1"
            )
        return self.bare

    def by(self, role: Role = "arbiter", person: str | None = None, place: str = "") -> str:
        """What Authorization says of an official, who has a key from now on."""
        person = person or ("song" if role == "steward" else self.person)
        if (who := (role, person, place)) not in self._keys:
            self.found_once()
            text = key_of(self.record, role=role, person=person, place=place)
            self._keys[who] = f"Bearer {text}"
        return self._keys[who]

    def send(
        self,
        path: str,
        body: Body,
        *,
        key: str | None = None,
        role: Role = "arbiter",
        person: str | None = None,
        **headers: str,
    ) -> Any:
        """POST a command; header names with underscores for hyphens."""
        named = {
            "Authorization": self.by(role, person),
            "Idempotency-Key": key or uuid4().hex,
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        return self.client.post(path, json=body, headers=named)

    def done(self, path: str, body: Body, **more: Any) -> str:
        """Send a command that is recorded; the id of the subject that it begins, or nothing."""
        answer = self.send(path, body, **more)
        assert answer.status_code == 201, answer.text
        return str(answer.headers.get("location", "")).rpartition("/")[2]

    def get(self, path: str, **headers: str) -> Any:
        """GET something."""
        return self.client.get(path, headers=headers)

    def shown(self, path: str) -> Any:
        """The JSON of a read, once the read models have caught up."""
        self.catch_up()
        answer = self.client.get(path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def catch_up(self) -> None:
        """Bring the read models to the end of the record."""
        catch_up(self.url, PROJECTIONS)

    def found(self, *, simulation: bool = False) -> str:
        """Found the record; the city's id."""
        found = FoundRecord(
            city_name="示例市",
            city_code="9901",
            policy="2021",
            origin=FOUND.origin,
            simulation=simulation,
        )
        self.record.carry_out("record", found, by=acting("arbiter"))
        _ = self.client  # the arbiter is on record from now on
        return CITY

    def found_once(self) -> None:
        """Found the record unless it is founded."""
        if not self.record.state("record").version:
            self.found()

    def subdistrict(self, city: str) -> str:
        """A subdistrict in a district of the city."""
        district = self.place("district", "涪滨区", "990102", city)
        return self.place("subdistrict", "城厢街道", "990102001", district)

    def place(self, level: str, name: str, code: str, parent: str) -> str:
        """A jurisdiction under another one, since 2000."""
        stated = {"level": level, "name": name, "code": code, "parent": parent}
        return self.done("/api/v1/jurisdictions", {**stated, "effective_from": "2000-01-01"})

    def community(self, subdistrict: str, number: int = 1, **more: Any) -> str:
        """A community of the subdistrict, since 2018."""
        return self.done(
            "/api/v1/communities",
            {
                "name": f"第{number}社区",
                "code": f"990102001{number:03}",
                "subdistrict": subdistrict,
                "effective_from": "2018-01-01",
                "origin": "existing",
                **more,
            },
        )


@contextmanager
def at_the_door(
    app: FastAPI, url: str, *, person: str = "li.na", clock: Callable[[], datetime] | None = None
) -> Iterator[Clerk]:
    """Somebody at the door of the record in this database; it is the app's until they leave."""
    with Record(url, clock=clock) as record, TestClient(app, ADDRESS, False) as client:
        app.state.record, app.state.models = record, ReadModels(url)
        app.state.access = Access(record.recorder.datastore, seal=SEAL)
        app.state.disk = Disk()
        app.state.founded = None  # what the last record was founded as
        app.state.models.open()
        yield Clerk(client, url, person)
        app.state.models.close()
        if hasattr(app.state, "founded"):
            del app.state.founded  # as what this record was founded is nothing of the next one's
