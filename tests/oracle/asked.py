"""Asks the API what the oracle knows, and names each difference."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urlencode

import psycopg

from tests.api.clerk import Clerk
from tests.oracle.oracle import Entry, Oracle


def entries_in(url: str) -> list[Entry]:
    """All entries of the record, as they are stored."""
    with psycopg.connect(url) as connection:
        rows = connection.execute("select state from record.entries order by notification_id")
        return [json.loads(row[0]) for row in rows]


def differences(clerk: Clerk, oracle: Oracle, day: str, known: int | None = None) -> list[str]:
    """Where the reads show something else than the oracle, on a day as known at a position."""
    asked: dict[str, Any] = (
        {"effective": day} if known is None else {"effective": day, "known": known}
    )
    lists: tuple[tuple[str, str, dict[str, Any], Any], ...] = (
        ("communities", "community", {"status": "any"}, oracle.register(day)),
        ("tasks", "task", {"status": "any"}, oracle.tasks_on(day)),
        ("councils", "council", {}, oracle.councils_on(day)),
        ("grades", "community", {}, oracle.grades_on(day)),
    )
    found = []
    for path, key, where, right in lists:
        shown = {each[key]: each for each in _listed(clerk, path, {**asked, **where})}
        found += [f"{path} {day} {known}: {each}" for each in _unlike(shown, right)]
    places = [
        None,
        *sorted({e["district"] for e in oracle.register(day).values() if e["district"]}),
    ]
    for place in places:
        within = {**asked, "jurisdiction": place} if place else asked
        figures = {each["code"]: each for each in _get(clerk, "dashboard", within)["figures"]}
        for code, right_by in oracle.figures_on(day, place).items():
            groups = figures[code]["groups"] or [{"value": None, "count": figures[code]["count"]}]
            by = Counter({each["value"]: each["count"] for each in groups if each["count"]})
            if by != right_by or figures[code]["count"] != right_by.total():
                found.append(f"dashboard {day} {known} {place} {code}: {by} != {right_by}")
    return found


def _unlike(shown: dict[str, Any], right: dict[str, dict[str, Any]]) -> Iterator[str]:
    for id in sorted(shown.keys() | right.keys()):
        if (id in shown) != (id in right):
            yield f"{id} {'is' if id in shown else 'is not'} shown: {shown.get(id, right.get(id))}"
            continue
        wrong = {n: (shown[id][n], v) for n, v in right[id].items() if str(shown[id][n]) != str(v)}
        if wrong:
            yield f"{id}: {wrong}"


def _listed(clerk: Clerk, path: str, asked: dict[str, Any]) -> Iterable[Any]:
    cursor: dict[str, str] = {}
    while True:
        page = _get(clerk, path, {**asked, "limit": 200, **cursor})
        yield from page["items"]
        if page["next"] is None:
            return
        cursor = {"cursor": page["next"]}


def _get(clerk: Clerk, path: str, asked: dict[str, Any]) -> Any:
    answer = clerk.get(f"/api/v1/{path}?{urlencode(asked)}")
    assert answer.status_code == 200, answer.text
    return answer.json()
