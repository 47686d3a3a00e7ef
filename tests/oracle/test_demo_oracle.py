"""The reads show what an independent fold of the raw entries gives: of the demo city, on any day,
as known at any moment."""

from datetime import date, timedelta
from random import Random

import pytest
from fastapi import FastAPI

from tests.api.clerk import at_the_door
from tests.databases import Server
from tests.demo_city import demo_city
from tests.oracle.asked import differences, entries_in
from tests.oracle.oracle import Oracle

BEGIN, DAYS = date(2021, 1, 1), 2_200
ASKED = 4
UNFINISHED = "2021-11-08"  # the task of a community that merged a week before is not wound up yet


@pytest.mark.slow
def test_the_demo_city_is_shown_as_its_entries_have_it(server: Server, app: FastAPI) -> None:
    url = demo_city(server)
    entries, chance = entries_in(url), Random(2021)
    with at_the_door(app, url, person="visitor.arbiter") as clerk:
        for turn in range(ASKED):
            known = None if turn == 0 else chance.randrange(1, len(entries))
            oracle = Oracle(entries[:known])
            random = (BEGIN + timedelta(chance.randrange(DAYS))).isoformat()
            day = UNFINISHED if turn == 0 else random
            assert differences(clerk, oracle, day, known) == []
