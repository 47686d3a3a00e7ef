"""Pages hang together, and what was known at a position is the same on every later day."""

import json
from datetime import datetime

from fastapi import FastAPI

from api.http.openapi import kept
from record.store.record import CHINA
from tests.api.clerk import Clerk, at_the_door
from tests.city import CITY, acting
from tests.domain.rounds import PLAN, ROUND


def test_the_pages_of_a_list_are_of_one_record_and_one_day(clerk: Clerk, subdistrict: str) -> None:
    for number in range(1, 5):
        clerk.community(subdistrict, number)
    first = clerk.shown("/api/v1/communities?limit=2")
    link = clerk.get("/api/v1/communities?limit=2").headers["link"][1:].partition(">")[0]
    pages = [clerk.get(link).content]
    last = clerk.get("/api/v1/communities?limit=200").json()["items"][3]["community"]
    clerk.done(
        f"/api/v1/communities/{last}/names", {"name": "钟楼社区", "effective_from": "2019-01-01"}
    )
    clerk.done(f"/api/v1/communities/{last}/abolitions", {"effective_from": "2020-01-01"})
    clerk.catch_up()
    pages += [
        clerk.get(address).content
        for address in (
            link,
            f"/api/v1/communities?limit=2&cursor={first['next']}",
            f"/api/v1/communities?limit=2&cursor={first['next']}&known={first['position']}",
            f"/api/v1/communities?limit=2&cursor={first['next']}&known=2100-01-01",
            f"/api/v1/communities?limit=2&cursor={first['next']}&effective={first['effective']}",
        )
    ]

    assert len(set(pages)) == 1
    assert json.loads(pages[0])["position"] == first["position"]
    assert len(clerk.get("/api/v1/communities").json()["items"]) == 3
    for other in (f"known={first['position'] + 1}", "effective=2020-01-01"):
        answer = clerk.get(f"/api/v1/communities?cursor={first['next']}&{other}")
        assert (answer.status_code, answer.json()["code"]) == (422, "parameter.foreign-cursor")


def test_what_was_known_is_shown_of_the_day_on_which_it_was_known(
    app: FastAPI, database_url: str
) -> None:
    day = 1

    with at_the_door(
        app, database_url, clock=lambda: datetime(2024, 3, day, 12, tzinfo=CHINA)
    ) as clerk:
        city = clerk.found(simulation=True)
        day = 5
        subdistrict = clerk.subdistrict(city)
        day = 9
        clerk.community(subdistrict)
        clerk.catch_up()
        entries = clerk.get("/api/v1/entries?limit=200").json()["items"]
        shown = [clerk.get(f"/api/v1/jurisdictions?known={each['position']}") for each in entries]

    days_of = [each["recorded_at"][:10] for each in entries]
    assert [each.json()["effective"] for each in shown] == days_of
    assert len(set(days_of)) > 2


def test_a_read_as_known_at_a_position_gives_the_same_bytes_on_every_later_day(
    app: FastAPI, database_url: str
) -> None:
    now = datetime(2024, 3, 1, 12, tzinfo=CHINA)
    with at_the_door(app, database_url, clock=lambda: now) as clerk:
        subdistrict = clerk.subdistrict(clerk.found(simulation=True))
        clerk.community(subdistrict)
        app.state.record.carry_out(ROUND, PLAN, by=acting("arbiter", "arb", CITY))
        clerk.catch_up()
        head = clerk.get("/api/v1/record").json()["head"]
        lists = [
            path
            for path, methods in kept()["paths"].items()
            if "known" in str(methods.get("get")) and "{" not in path
        ]
        asked = [f"{path}?known={head}" for path in (*lists, "/api/v1/rounds/r")]
        first = [clerk.get(each).content for each in asked]
        now = datetime(2024, 6, 1, 12, tzinfo=CHINA)
        clerk.community(subdistrict, 2)
        clerk.catch_up()

        assert [clerk.get(each).content for each in asked] == first
        assert len(asked) > 25
