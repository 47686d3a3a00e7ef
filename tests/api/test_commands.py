"""Every command keeps one contract: actor, key, version, basis; a receipt or a problem in words."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest

from api.http.kernel.examples import example_of
from api.http.kernel.requests import CommandRequest
from api.http.openapi import kept
from domain.batch.receiving import ApplyBatch, ReceiveBatch
from domain.commands import COMMANDS
from domain.founding.founding import FoundRecord
from domain.roster.ends import AbolishEarlier, AbolishUntil, DissolveEarlier, DissolveUntil
from tests.api.clerk import Clerk
from tests.city import CITY
from tests.officials import grant_of

OF_ACCOUNTS = {"SignIn", "ChangePassword", "ConfirmSecondFactor", "CreateKey"}
RENAME = {"name": "钟楼社区", "effective_from": "2024-07-01"}
AT_THE_COMMAND_LINE_ONLY = {FoundRecord}  # before it nobody may come in
THROUGH_IMPORTS_ONLY = {
    ReceiveBatch,
    ApplyBatch,
    AbolishEarlier,
    AbolishUntil,
    DissolveEarlier,
    DissolveUntil,
}


def test_a_command_is_answered_with_a_receipt(clerk: Clerk, community: str) -> None:
    answer = clerk.send(f"/api/v1/communities/{community}/names", RENAME)

    receipt = answer.json()
    assert answer.status_code == 201
    assert receipt["stream"] == f"community:{community}"
    assert receipt["version"] == 2
    assert answer.headers["etag"] == '"2"'
    assert answer.headers["annals-position"] == str(receipt["last_position"])


def test_a_subject_that_begins_has_an_address(clerk: Clerk, subdistrict: str) -> None:
    community = clerk.community(subdistrict)

    assert clerk.shown(f"/api/v1/communities/{community}")["name"] == "第1社区"


def test_the_same_key_twice_records_once(clerk: Clerk, community: str) -> None:
    path = f"/api/v1/communities/{community}/names"
    first = clerk.send(path, RENAME, key="k-1")
    second = clerk.send(path, RENAME, key='"k-1"')

    assert second.status_code == 201
    assert second.json() == first.json()
    assert clerk.get("/api/v1/record").json()["head"] == first.json()["last_position"]


def test_the_same_key_begins_one_subject(clerk: Clerk, subdistrict: str) -> None:
    body = {"name": "东社区", "subdistrict": subdistrict, "effective_from": "2018-01-01"}
    first, second = (clerk.done("/api/v1/communities", body, key="k-2") for _ in range(2))

    assert first == second


def test_a_key_is_not_used_for_another_command(clerk: Clerk, community: str) -> None:
    path = f"/api/v1/communities/{community}/names"
    clerk.send(path, RENAME, key="k-3")
    answer = clerk.send(path, {**RENAME, "name": "鼓楼社区"}, key="k-3")

    assert answer.status_code == 422
    assert answer.json()["code"] == "record.command-id-reused"


@pytest.mark.parametrize("key", ["", "x" * 129, "two words", '""'])
def test_a_command_needs_a_key(clerk: Clerk, community: str, key: str) -> None:
    answer = clerk.client.post(
        f"/api/v1/communities/{community}/names",
        json=RENAME,
        headers={
            "Idempotency-Key": key,
        },
    )

    assert answer.status_code == 400
    assert answer.json()["code"] == "request.key-missing"


def test_a_stale_version_is_told_what_changed_since(clerk: Clerk, community: str) -> None:
    path = f"/api/v1/communities/{community}/names"
    clerk.done(path, RENAME)
    answer = clerk.send(path, {**RENAME, "name": "鼓楼社区"}, If_Match='"1"')

    problem = answer.json()
    assert answer.status_code == 412
    assert answer.headers["etag"] == '"2"'
    assert problem["version"] == 2
    assert [change["event"] for change in problem["changes"]] == ["CommunityRenamed"]


def test_the_current_version_is_taken(clerk: Clerk, community: str) -> None:
    answer = clerk.send(f"/api/v1/communities/{community}/names", RENAME, If_Match='"1"')

    assert answer.status_code == 201


@pytest.mark.parametrize("tag", ["1", "*", 'W/"1"', '"1", "2"', '"x"'])
def test_only_one_version_in_quotes_is_taken(clerk: Clerk, community: str, tag: str) -> None:
    answer = clerk.send(f"/api/v1/communities/{community}/names", RENAME, If_Match=tag)

    assert answer.status_code == 400
    assert answer.json()["code"] == "request.precondition-unreadable"


def test_an_entry_keeps_the_grant_that_it_was_made_under(clerk: Clerk, community: str) -> None:
    path = f"/api/v1/communities/{community}/names"
    position = clerk.send(path, RENAME, role="decider").json()["position"]
    entry = clerk.get(f"/api/v1/entries/{position}").json()

    grant = grant_of(clerk.record, role="decider", person="li.na")
    assert entry["actor"] == {"person": "li.na", "unit": "u1"}
    assert entry["authority"] == {"role": "decider", "jurisdiction": CITY, "grant": grant}


def test_the_documents_a_command_rests_on_stand_in_its_entry(clerk: Clerk, community: str) -> None:
    basis = [{"issuer": "民政局", "title": "关于更名的批复", "number": "民发〔2024〕12号"}]
    answer = clerk.send(f"/api/v1/communities/{community}/names", {**RENAME, "basis": basis})
    entry = clerk.get(f"/api/v1/entries/{answer.json()['position']}").json()

    assert entry["body"] == RENAME
    assert entry["basis"][0]["number"] == "民发〔2024〕12号"


def test_a_refusal_names_a_place_by_its_name_and_leads_to_it(
    clerk: Clerk, community: str, subdistrict: str
) -> None:
    clerk.catch_up()
    twice = {
        "name": "东社区",
        "code": "990102001001",
        "subdistrict": subdistrict,
        "effective_from": "2018-01-01",
    }
    refused = clerk.send("/api/v1/communities", twice, Accept_Language="zh")

    assert refused.status_code == 409
    assert f"属于第1社区（{community}）" in refused.json()["detail"]


def test_a_refusal_is_a_sentence_in_the_readers_language(clerk: Clerk, community: str) -> None:
    path, body = f"/api/v1/communities/{community}/names", {**RENAME, "name": "第1社区"}
    chinese = clerk.send(path, body)
    english = clerk.send(path, body, Accept_Language="de, en;q=0.8, zh;q=0.2")

    assert chinese.status_code == english.status_code == 409
    assert chinese.headers["content-type"] == "application/problem+json"
    assert chinese.json()["title"] == "不予办理"
    assert english.json()["title"] == "Refused"
    assert english.headers["content-language"] == "en"


@pytest.mark.usefixtures("subdistrict")
def test_what_is_not_on_record_is_not_found(clerk: Clerk) -> None:
    answer = clerk.send("/api/v1/communities/nowhere/names", RENAME)

    assert answer.status_code == 404
    assert answer.json()["code"] == "subject.not-on-record"


def test_a_role_that_may_not_is_forbidden(clerk: Clerk, community: str) -> None:
    body = {"type": "old-courtyard", "effective_from": "2021-03-31"}
    answer = clerk.send(f"/api/v1/communities/{community}/classifications", body, role="recorder")

    assert answer.status_code == 403


def test_every_malformed_place_is_named(clerk: Clerk, community: str) -> None:
    path = f"/api/v1/communities/{community}/names"
    body = {"name": "", "effective_from": "soon", "a/b": 1, "basis": [{"issuer": "民政局"}]}
    chinese = clerk.send(path, body)
    english = clerk.send(path, body, Accept_Language="en")

    assert chinese.status_code == 422
    assert chinese.json()["code"] == "request.malformed"
    assert {error["pointer"] for error in chinese.json()["errors"]} == {
        "#/name",
        "#/effective_from",
        "#/a~1b",
        "#/basis/0/title",
    }
    assert {"pointer": "#/name", "detail": "至少 1 个字"} in chinese.json()["errors"]
    assert "at least 1 character" in english.text


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "request.malformed"),
        (b"{", "request.malformed"),
        (b"[]", "request.malformed"),
        (b"null", "request.malformed"),
        (b"\xff\xfe", "request.unreadable"),
        (
            b'{"name": "\\ud800", "\\udfff": 1, "effective_from": "2024-07-01"}',
            "request.malformed",
        ),
        (b"[" * 50_000, "request.too-deep"),
        (b'{"name": ' + b"9" * 5_000 + b"}", "request.unreadable"),
    ],
)
def test_a_body_that_is_no_statement_is_malformed(
    clerk: Clerk, community: str, content: bytes, code: str
) -> None:
    answer = clerk.client.post(
        f"/api/v1/communities/{community}/names",
        content=content,
        headers={
            "Idempotency-Key": "k",
            "Content-Type": "application/json",
        },
    )

    assert answer.json()["code"] == code
    assert answer.status_code == (422 if code == "request.malformed" else 400)
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_body_of_more_than_a_mebibyte_is_too_large(clerk: Clerk, community: str) -> None:
    def in_pieces() -> Iterator[bytes]:
        yield from [b" " * 600_000] * 2

    for content in (b" " * 1_100_000, in_pieces()):
        answer = clerk.client.post(
            f"/api/v1/communities/{community}/names",
            content=content,
            headers={
                "Idempotency-Key": "k",
                "Content-Type": "application/json",
            },
        )
        assert answer.status_code == 413
        assert answer.json()["code"] == "request.too-large"
        assert answer.headers["content-type"] == "application/problem+json"


def test_of_two_commands_on_one_version_one_is_recorded(clerk: Clerk, community: str) -> None:
    path, answers, barrier = f"/api/v1/communities/{community}/names", [], threading.Barrier(2)

    def rename(name: str) -> None:
        barrier.wait()
        answers.append(clerk.send(path, {**RENAME, "name": name}, If_Match='"1"'))

    racers = [threading.Thread(target=rename, args=(name,)) for name in ("东社区", "西社区")]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()

    first, second = sorted(answer.status_code for answer in answers)
    assert first == 201
    assert second in (409, 412)


def test_every_command_has_a_route_and_an_example() -> None:
    commands = {*COMMANDS.values()} - THROUGH_IMPORTS_ONLY - AT_THE_COMMAND_LINE_ONLY
    contents = [
        operation["requestBody"]["content"]
        for path in kept()["paths"].values()
        for operation in path.values()
        if "requestBody" in operation
    ]
    # An attachment's body is a file, and no command; nor is what is about the account.
    statements = [
        c["application/json"]["schema"]["$ref"] for c in contents if "application/json" in c
    ]

    named = {each.rsplit("/", 1)[1] for each in statements}
    assert named - OF_ACCOUNTS == {c.__name__ for c in commands}


@pytest.mark.parametrize(
    "command",
    [each for each in COMMANDS.values() if each not in THROUGH_IMPORTS_ONLY],
    ids=lambda command: command.__name__,
)
def test_an_example_is_a_valid_body(command: Any) -> None:
    statement = CommandRequest[command].model_validate(example_of(command))

    assert isinstance(statement.command, command)
    assert len(statement.basis) == 1


def test_what_is_out_of_scope_is_refused_like_what_is_not_there(
    clerk: Clerk, community: str
) -> None:
    elsewhere = clerk.by("decider", place=clerk.place("district", "石塘区", "990103", CITY))

    def asked(id: str) -> str:
        answer = clerk.send(f"/api/v1/communities/{id}/names", RENAME, Authorization=elsewhere)
        return str(answer.text.replace(id, "ID"))

    assert asked(community) == asked("nowhere")
