"""The pages for auditors: the record itself, facts against procedure, the operation log."""

from collections.abc import Callable
from typing import Any

import pytest

from domain.catalogue import EVENTS
from projections import timeline
from projections.engine.told import TOLD
from tests.api.clerk import Clerk
from tests.officials import session_of

PAGE = {"Accept": "text/html"}
FILTERS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "stream": lambda entry: entry["stream"],
    "event": lambda entry: entry["event"],
    "person": lambda entry: entry["actor"]["person"],
    "caused_by": lambda entry: entry["caused_by"],
}


@pytest.mark.usefixtures("community")
def test_the_record_is_read_in_order_with_what_an_entry_caused(clerk: Clerk) -> None:
    clerk.catch_up()
    whole = clerk.get("/audit/entries?after=&caused_by=", **PAGE)
    later = clerk.get("/audit/entries?after=5", **PAGE).text

    assert whole.status_code == 200
    assert 'href="/entries/1"' in whole.text
    assert '"event": "RecordFounded"' in whole.text.replace("&#34;", '"')
    assert 'href="/entries/1"' not in later
    caused = clerk.get("/audit/entries?caused_by=1", **PAGE).text
    assert 'href="/entries/2"' in caused


@pytest.mark.usefixtures("community")
def test_entries_are_asked_for_by_what_they_have_in_common(clerk: Clerk) -> None:
    clerk.catch_up()
    every = clerk.get("/api/v1/entries?limit=200").json()["items"]

    def positions(page: dict[str, Any]) -> list[int]:
        return [each["position"] for each in page["items"]]

    for name, value_of in FILTERS.items():
        for value in {value_of(each) for each in every} - {None}:
            asked = f"/api/v1/entries?{name}={value}&limit=200"
            if name in ("person", "unit") and not clerk.get(f"/people/{value}", **PAGE).is_success:
                assert clerk.get(asked).status_code == 404
                continue
            fitting = [each for each in every if value_of(each) == value]
            if name != "caused_by":  # claims of codes and names are told in no timeline
                fitting = [each for each in fitting if EVENTS[each["event"]] in TOLD]
            if name == "stream" and not fitting:
                assert clerk.get(asked).status_code == 404
                continue
            found = clerk.get(asked).json()
            assert positions(found) == [each["position"] for each in fitting]
            assert found["next"] is None
            assert clerk.get(f"/audit/entries?{name}={value}&after=", **PAGE).status_code == 200
    assert clerk.get("/api/v1/entries?event=Nothing").json()["code"] == "parameter.no-such-event"
    assert clerk.get("/api/v1/entries?recorded_until=1999-01-01").json()["items"] == []
    assert positions(clerk.get("/api/v1/entries?recorded_from=0001-01-01&limit=3").json())
    assert clerk.get("/audit/entries?event=Nothing", **PAGE).status_code == 422


@pytest.mark.usefixtures("community")
def test_a_filter_looks_through_so_many_entries_at_once(
    clerk: Clerk, monkeypatch: pytest.MonkeyPatch
) -> None:
    clerk.catch_up()
    monkeypatch.setattr(timeline, "LOOKED_THROUGH", 3)
    found = clerk.get("/api/v1/entries?event=CommunityRegistered").json()
    page = clerk.get("/audit/entries?event=CommunityRegistered", **PAGE)

    assert (found["items"], found["next"]) == ([], 3)
    assert "/audit/entries?after=3&amp;event=CommunityRegistered" in page.text
    while not found["items"]:
        found = clerk.get(f"/api/v1/entries?event=CommunityRegistered&after={found['next']}").json()
    assert found["items"][0]["event"] == "CommunityRegistered"


@pytest.mark.usefixtures("community")
def test_lists_of_the_audit_are_there_though_empty(clerk: Clerk) -> None:
    clerk.catch_up()
    for which in ("", "?which=late", "?which=irregular"):
        assert clerk.get(f"/audit{which}", **PAGE).status_code == 200


@pytest.mark.usefixtures("community")
def test_an_entry_leads_to_no_reservation_that_it_caused(clerk: Clerk) -> None:
    clerk.catch_up()
    text = clerk.get("/entries/1", **PAGE).text

    for position in range(2, 6):
        if f'href="/entries/{position}"' in text:
            assert clerk.get(f"/entries/{position}", **PAGE).status_code == 200


@pytest.mark.usefixtures("community")
def test_the_operation_log_is_for_auditors_of_the_city(clerk: Clerk) -> None:
    clerk.catch_up()
    refused = clerk.get("/audit/operations", **PAGE)
    clerk.bare.cookies.clear()
    token = session_of(clerk.record, role="auditor", person="wu.min")
    clerk.bare.cookies.set("annals", token, domain="127.0.0.1")
    shown = clerk.get("/audit/operations?what=", **PAGE)

    assert refused.status_code == 403
    assert shown.status_code == 200
    assert 'href="/audit/operations"' in shown.text
