"""Clerks who send sheets to the API."""

from datetime import date
from typing import Any
from uuid import uuid4

from api.http.kernel.downloads import XLSX
from domain.kernel.context import Role
from domain.kernel.policy import built_in
from record.store.record import Record
from tests.api.clerk import Clerk
from tests.api.sheets import workbook
from tests.city import put_on_register

POLICY = built_in()["2021"].policy
TYPE, OTHER_TYPE = POLICY.types[5], POLICY.types[0]
STAGES = [stage.code for stage in POLICY.stages]
OWN = POLICY.stages[1]
ITEMS = next(r.items for r in POLICY.rounds.rubrics if r.stage == OWN.code)
RESIDENT_UNITS = POLICY.councils[1]
CODES = ("990102001001", "990102001002")
DAY = date(2021, 3, 31)


class Clerks:
    """The offices of a small city, each importing its own sheets."""

    def __init__(self, clerk: Clerk) -> None:
        self.clerk = clerk
        self.city = clerk.found()
        self.subdistrict = clerk.subdistrict(self.city)
        with Record(clerk.url) as record:
            put_on_register(record, {"unit:street": "城厢街道办事处", "person:zhao": "赵敏"})
            members = {"unit:school": "社区小学", "unit:bank": "城市信用社", "unit:clinic": "诊所"}
            put_on_register(record, members)
        self.one, self.two = (clerk.community(self.subdistrict, number) for number in (1, 2))

    def _of(self, role: str) -> str:
        """The jurisdiction of a role: an arbiter's is the city."""
        return self.city if role in ("arbiter", "steward") else self.subdistrict

    def send(self, kind: str, file: bytes, role: Role, path: str = "", **more: Any) -> Any:
        by = self.clerk.by(role, place=self._of(role))
        self.clerk.catch_up()
        key, media_type = more.pop("key", uuid4().hex), more.pop("media_type", XLSX)
        headers = {
            "Authorization": by,
            "Idempotency-Key": key,
            "Content-Type": media_type,
        }
        return self.clerk.client.post(
            f"/api/v1/imports/{kind}{path}", params=more, content=file, headers=headers
        )

    def imported(self, kind: str, rows: list[list[Any]], role: Role) -> Any:
        """A sheet that is looked at, recorded, and recorded once only; what it comes to."""
        file = workbook(rows)
        looked = self.send(kind, file, role)
        assert looked.status_code == 200, looked.text
        assert looked.json()["problems"] == []
        before = self.head()
        recorded = self.send(kind, file, role, dry_run="false", key="k-1" + kind)
        assert recorded.status_code == 201, recorded.text
        assert recorded.json()["position"] == before + 1
        assert recorded.json()["last_position"] == self.head()
        repeated = self.send(kind, file, role, dry_run="false", key="k-1" + kind)
        assert (repeated.status_code, repeated.json()) == (201, recorded.json())
        again = self.send(kind, file, role, dry_run="false")
        assert (again.status_code, again.json()["commands"]) == (200, {})
        assert len(again.json()["on_record"]) == len(rows) - 1
        assert recorded.json()["last_position"] == self.head()
        return looked.json()["commands"]

    def refused(self, kind: str, rows: list[list[Any]], role: Role) -> list[tuple[Any, ...]]:
        """A sheet of which nothing is recorded; the places and codes of its problems."""
        self.clerk.by(role, place=self._of(role))
        before = self.head()
        answer = self.send(kind, workbook(rows), role, dry_run="false")
        assert answer.status_code == 409, answer.text
        assert answer.json()["type"] == "/docs/problems/file-refused"
        assert self.head() == before
        looked = self.send(kind, workbook(rows), role).json()["problems"]
        told = [(each["row"], each["column"], each["code"]) for each in answer.json()["errors"]]
        assert told == [(each["row"], each["column"], each["code"]) for each in looked]
        return told

    def head(self) -> int:
        return int(self.clerk.get("/api/v1/record").json()["head"])
