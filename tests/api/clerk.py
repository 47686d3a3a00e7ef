"""Somebody at the HTTP door: sends commands, and has the read models catch up."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

from fastapi import FastAPI
from fastapi.testclient import TestClient

from access.access import Access
from projections.all import PROJECTIONS
from projections.engine.view import ReadModels
from projections.engine.worker import catch_up
from record.disk import Disk
from record.store.record import Record
from tests.city import CITY, FOUND

ADDRESS = "http://127.0.0.1:8000"
Body = dict[str, Any]


class Clerk:
    """A client of one app over one database."""

    def __init__(self, client: TestClient, url: str) -> None:
        self.client = client
        self.url = url

    def send(
        self,
        path: str,
        body: Body,
        *,
        key: str | None = None,
        role: str = "arbiter",
        person: str = "li.na",
        **headers: str,
    ) -> Any:
        """POST a command; header names with underscores for hyphens."""
        named = {
            "Annals-Actor": f"person={person}; unit=u1; role={role}; jurisdiction={CITY}",
            "Idempotency-Key": key or uuid4().hex,
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        return self.client.post(path, json=body, headers=named)

    def done(self, path: str, body: Body, **more: str) -> str:
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
        self.done(
            "/api/v1/record",
            {
                "city_name": "示例市",
                "city_code": "9901",
                "policy": "2021",
                "origin": FOUND.origin,
                "simulation": simulation,
            },
        )
        return str(self.get("/api/v1/record").json()["city"])

    def subdistrict(self, city: str) -> str:
        """A subdistrict in a district of the city."""
        district = self.done(
            "/api/v1/jurisdictions",
            {
                "level": "district",
                "name": "涪滨区",
                "code": "990102",
                "parent": city,
                "effective_from": "2000-01-01",
            },
        )
        return self.done(
            "/api/v1/jurisdictions",
            {
                "level": "subdistrict",
                "name": "城厢街道",
                "code": "990102001",
                "parent": district,
                "effective_from": "2000-01-01",
            },
        )

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
def at_the_door(app: FastAPI, url: str) -> Iterator[Clerk]:
    """Somebody at the door of the record in this database; it is the app's until they leave."""
    with Record(url) as record, TestClient(app, ADDRESS, False) as client:
        app.state.record, app.state.models = record, ReadModels(url)
        app.state.access = Access(record.recorder.datastore)
        app.state.disk = Disk()
        app.state.founded = None  # what the last record was founded as
        app.state.models.open()
        yield Clerk(client, url)
        app.state.models.close()
        if hasattr(app.state, "founded"):
            del app.state.founded  # as what this record was founded is nothing of the next one's
