"""`annals call`: every operation of the HTTP description, by options, with the same answers."""

import json
import os
from pathlib import Path
from typing import Annotated, Any

import pytest
import typer
from fastapi import FastAPI, Form, Request, Response, UploadFile
from typer.testing import CliRunner

from api.cli import app, calling
from api.cli.client import Asked, ask
from api.cli.openapi import Operation, OptionValues, operations, operations_of
from api.cli.options import option_values_of
from api.cli.sending import request_of
from api.cli.wording import example_words
from record.store.record import Record
from tests.api.clerk import Clerk
from tests.api.console import Answer, annals, done, key_at, refused, refused_by
from tests.city import DISTRICT, LI, register
from tests.officials import OFFICE

ALL = operations()
COMMANDS = [each for each in ALL.values() if each.example]
BASIS = {"issuer": "民政局", "title": "关于社区更名的批复"}


@pytest.fixture
def url(database_url: str, record: Record) -> str:
    """A city with three communities."""
    for number, name in enumerate(("临园社区", "北街社区", "南街社区"), start=1):
        by = register(name, f"51070300100{number}")
        record.carry_out(f"community:{'abc'[number - 1]}", by, by=LI)
    return database_url


def call(url: str, *words: str | Path, **variables: str) -> Answer:
    return done(url, "call", *words, **variables)


def rename(*words: str | Path) -> tuple[str | Path, ...]:
    return ("call", "communities.rename", "--community", "a", *words)


def stated(operation: Operation, words: list[str]) -> OptionValues:
    """What words say of an operation, without asking anybody."""
    group: Any = typer.main.get_command(calling.app)
    return option_values_of(
        operation,
        group.get_command(None, operation.name).make_context(operation.name, words).params,
    )


def test_alone_it_lists_every_operation_under_its_subject(url: str) -> None:
    listed = call(url).out.splitlines()

    assert {line.split()[0] for line in listed if line.startswith("  ")} >= ALL.keys()
    assert {f"{each.tag}:" for each in ALL.values()} <= {*listed}


@pytest.mark.parametrize("name", ["communities.list", "tasks.assign", "imports.submit"])
def test_an_operation_has_help_with_all_its_options(name: str) -> None:
    operation = ALL[name]
    answer = CliRunner().invoke(app, ["call", name, "--help"])

    assert answer.exit_code == 0, answer.output
    assert f"annals call {name}" in answer.stdout
    assert operation.summary in answer.stdout
    for field in operation.fields:
        assert f"--{field.option}" in answer.stdout


def test_every_operation_is_a_command_and_takes_all_its_options() -> None:
    group: Any = typer.main.get_command(calling.app)
    for name, operation in ALL.items():
        command = group.get_command(None, name)
        assert operation.summary in command.help
        options = {each for parameter in command.params for each in parameter.opts}
        assert {f"--{field.option}" for field in operation.fields} <= options, name


def test_the_example_of_every_command_can_be_said_in_options() -> None:
    for operation in COMMANDS:
        asked = _asked(operation, stated(operation, example_words(operation)[1:]))

        assert json.loads(b"".join(asked.body)) == operation.example, operation.name


def test_every_body_has_an_example_and_every_option_one_meaning() -> None:
    for operation in ALL.values():
        names = [(f.place == "body", f.option) for f in operation.fields]
        assert len({*names}) == len(names), operation.name
        assert operation.example or "application/json" not in operation.content, operation.name


def test_a_command_is_recorded_for_whose_key_it_is(url: str, tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text(key_at(url, "decider", DISTRICT) + "\n", "ascii")
    words = ("--name", "临园路社区", "--effective_from", "2020-01-01", "--json")
    key = ("--key-file", file)
    receipt = done(url, *rename(*words, *key, "--basis", json.dumps(BASIS)), ANNALS_KEY="another")

    with Record(url) as record:
        last = record.history("community:a")[-1]
    assert receipt.json["version"] == last.version
    assert last.actor.model_dump() == {"person": "li.na", "unit": OFFICE}
    assert (last.authority.role, last.authority.jurisdiction) == ("decider", DISTRICT)
    assert [each.title for each in last.basis] == [BASIS["title"]]


def test_without_a_key_or_a_session_nothing_is_answered(url: str) -> None:
    def code(*words: str, **variables: str) -> str:
        return str(json.loads(annals(url, "call", *words, "--json", **variables).err)["code"])

    nobody = {"ANNALS_KEY": ""}
    assert code("communities.list", **nobody) == "session.needed"
    assert code("communities.list", ANNALS_KEY="annals_x") == "key.not-in-force"


def test_the_answer_is_that_of_the_http_api(url: str, clerk: Clerk) -> None:
    key = key_at(url)
    for words, address in (
        (("communities.list", "--effective", "2020-01-01"), "communities?effective=2020-01-01"),
        (("communities.get", "--community", "a"), "communities/a"),
        (("worklist.list", "--known", "11", "--limit", "2"), "worklist?known=11&limit=2"),
        (("statistics.communities",), "statistics/communities"),
        (("entries.list", "--after", "3"), "entries?after=3"),
        (("policies.get", "--version", "2021"), "policies/2021"),
    ):
        told = call(url, *words, "--json", ANNALS_KEY=key).json  # brings the read models to the end
        assert told == clerk.get(f"/api/v1/{address}").json()


def test_a_list_is_read_to_its_end_with_all(url: str) -> None:
    first = call(url, "communities.list", "--limit", "2")
    whole = call(url, "communities.list", "--limit", "2", "--all", "--json").json
    entries = call(url, "entries.list", "--limit", "3", "--all", "--json").json

    assert "--all" in first.err
    assert [each["community"] for each in whole["items"]] == ["a", "b", "c"]
    assert whole["next"] is None
    positions = [each["position"] for each in entries["items"]]
    assert positions == [*range(1, entries["head"] + 1)]


def test_a_list_is_a_table_and_one_thing_its_names_and_values(url: str) -> None:
    table = call(url, "communities.list", "--lang", "en")
    lines = call(url, "communities.get", "--community", "a").out.splitlines()

    assert table.out.splitlines()[0].split()[:3] == ["community", "code", "name"]
    assert "510703001002" in table.out
    assert "3 items" in table.err
    assert ["name", "临园社区"] in [line.split() for line in lines]


def test_what_a_flag_says_reaches_the_filter(url: str) -> None:
    assert "北街社区" in call(url, "communities.list", "--unclassified").out


def test_a_refusal_is_its_sentence(url: str) -> None:
    words = ("--name", "临园社区", "--effective-from", "2020-01-01")
    chinese, english = (refused(url, *rename(*words, "--lang", lang)) for lang in ("zh", "en"))
    document = annals(url, *rename(*words, "--json"))

    assert chinese.strip().endswith("。")
    assert english.isascii() or "临园社区" in english
    assert (document.code, document.out) == (1, "")
    assert json.loads(document.err)["status"] == 409
    assert json.loads(document.err)["detail"] == chinese.strip()


def test_what_is_malformed_is_told_field_by_field_by_the_api(url: str) -> None:
    said = refused(url, *rename("--effective-from", "2020-13-01", "--basis", "{}"))

    assert "effective_from: 应为日期" in said
    assert "name: 缺少此项" in said
    assert "basis/0/issuer: 缺少此项" in said
    assert "limit: " in refused(url, "call", "communities.list", "--limit", "many")


def test_a_stale_version_is_told_with_what_changed(url: str) -> None:
    done(url, *rename("--name", "临园路社区", "--effective-from", "2020-01-01"))
    words = ("--name", "临江社区", "--effective-from", "2021-01-01", "--if-version")

    said = refused(url, *rename(*words, "1"))
    assert "version: 2" in said
    assert "event CommunityRenamed" in said
    done(url, *rename(*words, "2"))


def test_the_same_key_gives_the_first_receipt_again(url: str) -> None:
    words = ("--name", "临园路社区", "--effective-from", "2020-01-01", "--key", "k1", "--json")

    assert done(url, *rename(*words)).json == done(url, *rename(*words)).json


def test_a_body_comes_from_a_file_or_stdin_and_options_override_it(
    url: str, tmp_path: Path
) -> None:
    body, basis = tmp_path / "body.json", tmp_path / "basis.json"
    body.write_text(json.dumps({"name": "甲社区", "effective_from": "2020-01-01"}), "utf-8")
    basis.write_text(json.dumps([BASIS]), "utf-8")

    words = ["call", "communities.rename", "--community", "a", "--body", "-"]
    variables = {"DATABASE_URL": url, "ANNALS_KEY": key_at(url)}
    piped = CliRunner().invoke(app, words, input=body.read_text(), env=variables)
    assert piped.exit_code == 0, piped.output
    done(url, *rename("--body", body, "--name", "乙社区", "--basis", basis))
    with Record(url) as record:
        renamed = [entry.event.model_dump()["name"] for entry in record.history("community:a")[-2:]]
        assert record.history("community:a")[-1].basis[0].title == BASIS["title"]
    assert renamed == ["甲社区", "乙社区"]


def test_what_is_no_json_is_said_before_anything_is_sent(url: str, tmp_path: Path) -> None:
    words = ("--name", "甲社区", "--effective-from", "2020-01-01", "--basis")

    assert annals(url, *rename(*words, "{")).code == 2
    missing = str(tmp_path / "none.json")
    assert refused_by(url, *rename(*words, missing)) == "command-line.file-not-usable"


def test_an_operation_that_does_not_exist_is_answered_with_those_like_it(url: str) -> None:
    answer = annals(url, "call", "communities.renam")

    assert answer.code == 2
    assert "communities.rename" in answer.err


def test_what_is_not_json_is_given_as_it_is(url: str, tmp_path: Path) -> None:
    file = tmp_path / "metrics.txt"
    call(url, "operations.metrics", "--out", file)

    assert "annals_record_head" in call(url, "operations.metrics").out
    assert "annals_database_up 1.0" in file.read_text()


def test_files_are_sent_as_the_description_asks_for_them(tmp_path: Path) -> None:
    files = FastAPI()
    scan, back = tmp_path / "批复.pdf", tmp_path / "back.pdf"
    scan.write_bytes(os.urandom(200_000))

    @files.post("/forms/{number}", operation_id="files.form")
    def form(number: str, title: Annotated[str, Form()], scan: UploadFile) -> dict[str, Any]:
        content = scan.file.read()
        return {"number": number, "title": title, "name": scan.filename, "bytes": len(content)}

    whole = {"requestBody": {"content": {"application/pdf": {"schema": {"format": "binary"}}}}}

    @files.post("/raw", operation_id="files.raw", openapi_extra=whole)
    async def raw(request: Request) -> Response:
        return Response(await request.body(), media_type=request.headers["content-type"])

    found = operations_of(files.openapi())
    form_said = [
        (each, {"number": "一二"}.get(each.name, str(scan))) for each in found["files.form"].fields
    ]
    told = ask(files, _asked(found["files.form"], form_said), lambda _: pytest.fail("is JSON"))
    with back.open("wb") as out:
        kept = ask(files, _asked(found["files.raw"], [], body=str(scan)), lambda _: out)

    assert told.json["bytes"] == 200_000
    assert (told.json["title"], told.json["name"]) == (str(scan), "批复.pdf")
    assert kept.headers["content-type"] == "application/pdf"
    assert back.read_bytes() == scan.read_bytes()


def _asked(operation: Operation, said: OptionValues, **more: Any) -> Asked:
    nothing = {"who": None, "grant": None, "key": None, "if_version": None, "body": None}
    return request_of(operation, said, language="zh", **{**nothing, **more})


@pytest.mark.unchecked
def test_a_record_that_is_not_founded_says_so(database_url: str) -> None:
    words = ("communities.register", "--body", os.devnull)

    assert refused_by(database_url, "call", *words) == "record.not-founded"


@pytest.mark.usefixtures("clerk")
def test_no_example_is_malformed_to_the_api(app: FastAPI, url: str) -> None:
    by = "Authorization", f"Bearer {key_at(url)}"
    for operation in COMMANDS:
        words = stated(operation, example_words(operation)[1:])
        asked = _asked(operation, words, who=by, key=operation.name)

        answer = ask(app, asked, lambda _: pytest.fail("is JSON"))

        # A key is for nothing of sessions, and nobody of the example's name has an account.
        expected = (201, 403, 404, 409) if operation.takes_grant else (401, 403)
        assert answer.status in expected, (operation.name, answer.json)
