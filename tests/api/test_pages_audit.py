"""The pages for auditors: the record itself, facts against procedure, the operation log."""

import pytest

from tests.api.clerk import Clerk
from tests.officials import session_of

PAGE = {"Accept": "text/html"}


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
