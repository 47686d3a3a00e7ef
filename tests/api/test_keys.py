"""Keys over HTTP: what one opens, until when, and what is noted of one that opens nothing.

That what it reads is of its grant's jurisdiction: tests/api/test_scope.py.
"""

from datetime import datetime
from typing import Any

from fastapi import FastAPI

from access.access import Access
from record.store.record import CHINA
from tests.access.conftest import SetClock
from tests.api.clerk import Clerk
from tests.api.test_sign_in import Desk, code, desk_of
from tests.city import SUBDISTRICT_2

NOT_IN_FORCE = (401, "key.not-in-force")


def keyring(app: FastAPI, clerk: Clerk) -> tuple[Desk, SetClock]:
    """李娜 in a session that does not get in the way, and a clock that is set on."""
    desk, clock = desk_of(clerk), SetClock()
    clock.now = datetime.now(CHINA)
    app.state.access = desk.access = Access(desk.record.recorder.datastore, clock=clock)
    return desk, clock


def test_a_key_opens_its_operations_in_its_jurisdiction_until_it_ends(
    app: FastAPI, clerk: Clerk
) -> None:
    desk, clock = keyring(app, clerk)
    here, elsewhere = desk.grant(), desk.grant("decider", SUBDISTRICT_2)
    desk.sign_in()

    def created(grant: str, *operations: str) -> dict[str, Any]:
        body = {"title": "数据中台", "grant": grant, "operations": operations, "days": 30}
        key: dict[str, Any] = desk.post("/keys", body).json()
        return key

    keys = {
        "good": created(here, "communities.rename"),
        "revoked": created(here, "communities.*"),
        "of another operation": created(here, "communities.list", "tasks.*"),
        "of another jurisdiction": created(elsewhere, "communities.*"),
    }
    desk.client.delete(f"/api/v1/keys/{keys['revoked']['key']}")
    keys["new"] = desk.post(f"/keys/{keys['good']['key']}/rotation").json()
    desk.client.cookies.clear()

    def tried(name: str) -> int | tuple[int, str]:
        answer = desk.rename(name.replace(" ", "-"), Authorization=f"Bearer {keys[name]['text']}")
        return 201 if answer.status_code == 201 else code(answer)

    assert {name: tried(name) for name in keys} == {
        "good": 201,
        "revoked": NOT_IN_FORCE,
        "of another operation": (403, "key.not-for-operation"),
        "of another jurisdiction": (403, "place.out-of-scope"),
        "new": (409, "attribute.unchanged"),
    }
    clock.forward(days=7)
    assert (tried("good"), tried("new")) == (NOT_IN_FORCE, (409, "attribute.unchanged"))
    clock.forward(days=23)
    assert tried("new") == NOT_IN_FORCE

    refused = [
        (each.what, each.key, each.code)
        for each in desk.access.log.page(after=0, limit=99)
        if not each.succeeded
    ]
    assert refused == [
        ("key-use", keys["revoked"]["key"], "key.not-in-force"),
        ("refusal", keys["of another operation"]["key"], "key.not-for-operation"),
        ("refusal", keys["of another jurisdiction"]["key"], "place.out-of-scope"),
        ("key-use", keys["good"]["key"], "key.not-in-force"),
        ("key-use", keys["new"]["key"], "key.not-in-force"),
    ]
