"""A replay tells whatever names a community, in the order of recording, over HTTP and on the
command line."""

from typing import Any

from record.store.record import Record
from tests.api.clerk import Clerk
from tests.api.console import done
from tests.city import put_on_register

TASK = {
    "title": "巡查",
    "unit": "u1",
    "person": "zhao.liu",
    "assigned_on": "2024-02-01",
    "due_on": "2024-06-01",
}


def test_a_replay_tells_whatever_names_the_community(clerk: Clerk, community: str) -> None:
    with Record(clerk.url) as record:
        put_on_register(record, {"unit:u1": "城管局", "person:zhao.liu": "赵柳"})
    clerk.done("/api/v1/tasks", {**TASK, "community": community}, role="reviewer")
    rename = {"name": "钟楼社区", "effective_from": "2024-01-01"}
    clerk.done(f"/api/v1/communities/{community}/names", rename, role="decider")
    address = f"/api/v1/communities/{community}/replay?effective=2024-12-31"

    def events(more: str = "") -> list[str]:
        return [each["entry"]["event"] for each in clerk.shown(address + more)["items"]]

    everything = ["CommunityRegistered", "TaskAssigned", "CommunityRenamed"]
    assert events() == everything
    assert events("&kind=task") == ["TaskAssigned"]
    assert events("&kind=council") == []
    assert events("&begin=2024-01-01") == everything[1:]
    assert events("&begin=2024-01-01&kind=community") == ["CommunityRenamed"]
    assert clerk.shown(address.replace("2024-12-31", "2023-12-31"))["items"][1:] == []
    renamed: Any = clerk.shown(address)["items"][2]
    assert [(each["attribute"], each["after"]) for each in renamed["changes"]] == [
        ("name", "钟楼社区")
    ]

    first = clerk.shown(f"{address}&limit=2")
    rest = clerk.shown(f"{address}&limit=2&cursor={first['next']}")
    assert [each["entry"]["event"] for each in (*first["items"], *rest["items"])] == everything
    assert rest["next"] is None

    for words, told in (
        ((), everything),
        (("--kind", "task"), everything[1:2]),
        (("--from", "2024-01-01"), everything[1:]),
    ):
        replay = done(clerk.url, "replay", community, "--until", "2024-12-31", *words, "--json")
        assert [each["event"] for each in replay.json["steps"]] == told
