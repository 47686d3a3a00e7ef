"""`annals demo` as a process: it serves its city while it records it."""

import json
import signal
from subprocess import Popen
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

import pytest

from demo.recording import record_demo_city
from demo.visitors import PASSWORD
from record.store.record import Record
from tests.api.console import SECONDS_MAX, address_of, shown_at, started, until
from tests.api.test_demo import Interrupted


@pytest.mark.slow
def test_it_goes_on_where_it_was_stopped_and_serves_its_city_while_it_records_it(
    database_url: str, processes: list["Popen[str]"]
) -> None:
    def stop(done: int, _total: int) -> None:
        if done > 300:
            raise Interrupted

    with pytest.raises(Interrupted):
        record_demo_city(database_url, stop)
    with Record(database_url) as record:
        before = record.head()
        process = started("demo", "--port", "0", DATABASE_URL=database_url)
        processes.append(process)
        address = address_of(process)

        assert PASSWORD in shown_at(f"{address}sign-in")
        assert _refused_by(address) == "command-line.demo-unfinished"
        until(lambda: record.head() > before + 600)
        process.send_signal(signal.SIGTERM)
        assert process.wait(SECONDS_MAX) == 0


def _refused_by(address: str) -> str:
    """The code by which a sound command of a visitor is refused."""
    browser = build_opener(HTTPCookieProcessor())
    asked = {"login": "arbiter", "password": PASSWORD, "next": "/api/v1/record"}
    with browser.open(f"{address}sign-in", urlencode(asked).encode()) as answer:
        record = json.load(answer)
    assert (record["city_name"], record["simulation"]) == ("安澜市", True)
    stated = {"level": "district", "name": "新区", "effective_from": "2021-02-01"}
    content = json.dumps({**stated, "parent": record["city"]}).encode()
    headers = {"Idempotency-Key": "k", "Content-Type": "application/json"}
    with pytest.raises(HTTPError) as refused:
        browser.open(Request(f"{address}api/v1/jurisdictions", content, headers))
    return str(json.load(refused.value)["code"])
