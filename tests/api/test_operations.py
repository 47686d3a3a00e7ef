"""Whoever runs Annals sees whether it is alive and ready, and every request leaves a trace."""

import asyncio
import json
import logging
import time
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from fastapi import FastAPI
from starlette.types import Message

from api.logs import JsonLines
from api.settings import Settings, require_guarded
from projections.all import PROJECTIONS
from projections.engine.engine import connect
from tests.api.clerk import Clerk
from tests.databases import Server, as_owner
from tests.refusing import stopped

RENAME = {"name": "钟楼社区", "effective_from": "2024-07-01"}


@pytest.fixture
def without_read_models(clerk: Clerk) -> None:
    """The database as `annals migrate` leaves it: nobody has built the read models."""
    with psycopg.connect(clerk.url) as connection:
        connection.execute("drop schema projections cascade")


@pytest.mark.usefixtures("community", "without_read_models")
def test_it_is_ready_once_the_read_models_are_built(clerk: Clerk) -> None:
    before = clerk.get("/health/ready")
    clerk.catch_up()
    after = clerk.get("/health/ready")

    assert clerk.get("/health/live").status_code == 200
    assert before.status_code == 503
    assert "annals work" in before.json()["reasons"][0]
    assert (after.status_code, after.json()["reasons"]) == (200, [])


@pytest.mark.usefixtures("without_read_models")
def test_before_the_read_models_are_built_a_read_says_so(clerk: Clerk, community: str) -> None:
    answer = clerk.get(f"/api/v1/communities/{community}")

    assert answer.status_code == 503
    assert answer.json()["code"] == "read.not-built"
    assert answer.headers["retry-after"] == "5"


def test_a_server_whose_login_may_not_append_says_so_and_is_not_ready(
    clerk: Clerk, community: str, caplog: pytest.LogCaptureFixture
) -> None:
    clerk.catch_up()
    assert clerk.get("/api/v1/status").json()["may_record"]
    clerk.by("decider")
    with as_owner(clerk.url) as connection:
        connection.execute("revoke execute on function record.append from annals_server")

    answer = clerk.send(f"/api/v1/communities/{community}/names", RENAME, role="decider")
    ready = clerk.get("/health/ready")

    assert (answer.status_code, answer.json()["code"]) == (503, "request.login-without-right")
    assert "lacks a right" in caplog.text
    assert clerk.get(f"/api/v1/communities/{community}").status_code == 200
    assert ready.status_code == 503
    assert "annals_server" in ready.json()["reasons"][0]


def test_status_tells_how_far_the_read_models_have_come(clerk: Clerk, community: str) -> None:
    clerk.catch_up()
    clerk.done(f"/api/v1/communities/{community}/names", RENAME)
    status = clerk.get("/api/v1/status").json()

    assert status["lag"] == 1
    assert {each["name"] for each in status["projections"]} == {each.name for each in PROJECTIONS}
    assert all(each["lag"] == 1 for each in status["projections"])
    assert clerk.shown("/api/v1/status")["lag"] == 0


@pytest.mark.usefixtures("community")
def test_a_worker_that_is_gone_is_told(clerk: Clerk) -> None:
    clerk.catch_up()
    without = clerk.get("/health/ready").json()
    with connect(clerk.url):
        beside = clerk.get("/health/ready").json()

    assert "annals work" in without["warnings"][0]
    assert (without["ready"], beside["warnings"]) == (True, [])


@pytest.mark.unchecked
@pytest.mark.usefixtures("community")
def test_a_parked_read_model_is_named_with_its_error(clerk: Clerk) -> None:
    clerk.catch_up()
    with psycopg.connect(clerk.url) as connection:
        connection.execute(
            "update projections.progress set parked_at = 9, error = 'KeyError: x', position = 8"
            " where projection = 'register'"
        )
    (parked,) = (
        each for each in clerk.get("/api/v1/status").json()["projections"] if each["error"]
    )

    assert (parked["name"], parked["parked_position"]) == ("register", 9)
    told_to_everybody = clerk.get("/health/ready").json()["warnings"][-1]
    assert "register" in told_to_everybody
    assert parked["error"] not in told_to_everybody
    assert 'annals_projection_parked{projection="register"} 1.0' in clerk.get("/metrics").text
    assert clerk.get("/api/v1/communities").headers["annals-parked"] == "register"
    assert (
        "读模型 register 遇到无法处理的条目" in clerk.get("/communities", Accept="text/html").text
    )


@pytest.mark.unchecked
def test_an_altered_record_is_told_everywhere(clerk: Clerk, community: str) -> None:
    clerk.catch_up()
    sound = clerk.get("/api/v1/status").json()
    clerk.done(f"/api/v1/communities/{community}/names", RENAME)
    with as_owner(clerk.url) as connection:
        connection.execute("alter table record.entries disable trigger entries_are_kept")
        connection.execute(
            "update record.entries set originator_version = 77 where notification_id = %s",
            (sound["head"] + 1,),
        )
    clerk.catch_up()
    warnings = clerk.get("/health/ready").json()["warnings"]

    assert (sound["record"], clerk.get("/api/v1/status").json()["record"]) == ("sound", "altered")
    assert str(sound["head"] + 1) in warnings[0]
    assert len([each for each in warnings if "RecordAltered" in each]) == 1
    assert "annals_record_sound 0.0" in clerk.get("/metrics").text
    assert "擅自改动" in clerk.get("/communities", Accept="text/html").text


@pytest.mark.unchecked
@pytest.mark.usefixtures("community")
def test_a_record_that_was_restored_behind_its_read_models_is_told(clerk: Clerk) -> None:
    clerk.catch_up()
    with as_owner(clerk.url) as connection:
        connection.execute("alter table record.entries disable trigger entries_are_kept")
        connection.execute(
            "delete from record.entries"
            " where notification_id = (select max(notification_id) from record.entries)"
        )
    status = clerk.get("/api/v1/status").json()

    assert (status["record"], status["head"] < status["position"]) == ("restored", True)
    assert "annals_record_sound 0.0" in clerk.get("/metrics").text
    assert "annals work" in clerk.get("/health/ready").json()["warnings"][0]


def test_measurements_name_routes_and_positions(clerk: Clerk, community: str) -> None:
    clerk.catch_up()
    clerk.get(f"/api/v1/communities/{community}")
    text = clerk.get("/metrics").text

    assert 'route="/api/v1/communities/{community}"' in text
    assert community not in text
    assert "annals_database_up 1.0" in text
    assert "annals_record_head" in text


def test_a_request_is_known_by_its_id(clerk: Clerk) -> None:
    assert clerk.get("/", **{"X-Request-Id": "abc-1"}).headers["x-request-id"] == "abc-1"
    assert clerk.get("/", **{"X-Request-Id": "a b\tc"}).headers["x-request-id"] != "a b\tc"
    assert len(clerk.get("/").headers["x-request-id"]) == 32


def test_a_log_line_is_an_object_with_id_and_position(
    clerk: Clerk, community: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.handler.setFormatter(JsonLines())
    with caplog.at_level(logging.INFO, "annals.access"):
        path = f"/api/v1/communities/{community}/names"
        answer = clerk.send(path, RENAME, X_Request_Id="abc-2")
    (line,) = (json.loads(each) for each in caplog.text.splitlines() if "annals.access" in each)

    assert line["request_id"] == "abc-2"
    assert line["position"] == answer.headers["annals-position"]
    assert line["status"] == 201
    assert "li.na" not in json.dumps(line)


@pytest.mark.parametrize("host", ["annals.example", "127.0.0.1.annals.example", "[", ""])
def test_a_foreign_name_for_this_machine_is_refused(clerk: Clerk, host: str) -> None:
    answer = clerk.get("/api/v1/entries", Host=host)

    assert (answer.status_code, answer.json()["code"]) == (421, "request.misdirected")


@pytest.mark.parametrize("host", ["localhost", "localhost:8000", "[::1]:8000", "127.0.0.1"])
def test_this_machines_own_names_are_taken(clerk: Clerk, host: str) -> None:
    assert clerk.get("/health/live", Host=host).status_code == 200


def test_an_unknown_address_and_method_are_problems_too(clerk: Clerk) -> None:
    nowhere, method = clerk.get("/api/v1/nowhere"), clerk.client.delete("/api/v1/entries")

    assert (nowhere.status_code, nowhere.json()["code"]) == (404, "request.no-such-address")
    assert (method.status_code, method.json()["code"]) == (405, "request.method-not-allowed")
    assert method.headers["allow"] == "GET"
    for answer in (nowhere, method):
        assert answer.headers["content-type"] == "application/problem+json"


def test_a_mistake_of_ours_is_told_by_the_id_of_its_request(
    clerk: Clerk, monkeypatch: pytest.MonkeyPatch
) -> None:
    clerk.found()
    monkeypatch.setattr(clerk.client.app.state, "record", None)  # type: ignore[attr-defined]

    answer = clerk.get("/api/v1/entries", **{"X-Request-Id": "abc-3"})

    assert (answer.status_code, answer.json()["code"]) == (500, "request.our-mistake")
    assert answer.headers["x-request-id"] == "abc-3"


@pytest.mark.parametrize(
    ("path", "media_type"), [("attachments", "application/pdf"), ("imports/tasks", "text/csv")]
)
def test_a_file_that_is_cut_off_is_told_so(
    app: FastAPI, clerk: Clerk, path: str, media_type: str
) -> None:
    came: list[Message] = [
        {"type": "http.request", "body": b"%PDF-1", "more_body": True},
        {"type": "http.disconnect"},
    ]
    said: list[Message] = []
    stated = {"authorization": clerk.by(), "idempotency-key": "k-1"}
    stated |= {"host": "localhost", "content-type": media_type}

    async def receive() -> Message:
        return came.pop(0)

    async def send(message: Message) -> None:
        said.append(message)

    headers = [(name.encode(), value.encode()) for name, value in stated.items()]
    asked: dict[str, Any] = {"type": "http", "http_version": "1.1", "method": "POST"}
    asked |= {
        "query_string": b"",
        "path": f"/api/v1/{path}",
        "raw_path": b"",
        "headers": headers,
        "state": {},
    }
    asyncio.run(app(asked, receive, send))

    assert said[0]["status"] == 400
    assert json.loads(said[1]["body"])["code"] == "request.cut-off"


@pytest.mark.slow
def test_without_the_database_a_command_may_be_repeated(
    clerk: Clerk, community: str, server: Server
) -> None:
    clerk.catch_up()
    path, name = f"/api/v1/communities/{community}/names", urlsplit(clerk.url).path[1:]
    server.tell("ALTER DATABASE {name} ALLOW_CONNECTIONS false", name=name)
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
        )
    away = clerk.send(path, RENAME, key="k-1")
    ready = clerk.get("/health/ready")
    read = clerk.get("/api/v1/communities")
    metrics = clerk.get("/metrics")
    server.tell("ALTER DATABASE {name} ALLOW_CONNECTIONS true", name=name)
    deadline = time.monotonic() + 200
    while (again := clerk.send(path, RENAME, key="k-1")).status_code == 503:
        assert time.monotonic() < deadline
        time.sleep(0.5)

    assert (away.status_code, away.json()["code"]) == (503, "request.outcome-unknown")
    assert (read.status_code, read.json()["code"]) == (503, "request.database-away")
    assert ready.status_code == 503
    assert ready.json()["database"] == "away"
    assert metrics.status_code == 503
    assert again.status_code == 201


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.7", "::", "annals.example"])
def test_it_listens_to_this_machine_only_and_says_why(host: str) -> None:
    with stopped("command-line.not-this-machine"):
        require_guarded(host)


def test_a_container_says_where_its_port_is_published() -> None:
    assert require_guarded("127.0.0.1") == "127.0.0.1"
    assert require_guarded("0.0.0.0", "127.0.0.1") == "0.0.0.0"
    with stopped("command-line.not-this-machine"):
        require_guarded("127.0.0.1", "0.0.0.0")


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("ANNALS_HOME", "/tmp/a"), ("ANNALS_PORT", "9"), ("DATABASE_URL", "x:")):
        monkeypatch.setenv(name, value)
    settings = Settings()

    assert str(settings.home) == "/tmp/a"
    assert (settings.host, settings.port, settings.database_url) == ("127.0.0.1", 9, "x:")
