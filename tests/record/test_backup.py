"""A backup is the whole record at one position; a restore brings back all of it, or nothing."""

import json
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from threading import Event, Thread

import psycopg
import pytest

from domain.kernel.context import Document
from domain.kernel.policy import built_in
from record.attachments.attachments import CHUNK_BYTES, Received
from record.backup.backup import back_up
from record.backup.restore import check, restore
from record.store.migrate import migrate
from record.store.record import Record
from tests.api.console import done
from tests.api.console import refused as refused_by_command
from tests.checker import check as check_record
from tests.city import LI, classify, register, rename
from tests.databases import as_owner
from tests.refusing import refused

TABLES = ("entries", "receipts", "attachments", "attachment_chunks")
PDF = b"%PDF-1.7\n" + bytes(range(256)) * (CHUNK_BYTES // 128)


@pytest.fixture
def kept(record: Record) -> Record:
    """A record with communities, and a document on which one rests."""
    with Received("application/pdf") as received:
        received.write(PDF)
        document, _ = record.attachments.store(received, file_name="批复.pdf", person="li")
    basis = Document(issuer="民政局", title="批复", attachments=(document.digest,))
    record.carry_out("community:a", register(), by=LI, basis=(basis,))
    record.carry_out("community:a", rename("花园社区"), by=LI)
    record.carry_out("community:a", classify(), by=LI)
    return record


def rows(url: str) -> dict[str, list[tuple[object, ...]]]:
    found = {}
    with psycopg.connect(url) as connection:
        for table in TABLES:
            statement = f"select * from record.{table} t order by t::text"
            found[table] = connection.execute(statement.encode()).fetchall()
    return found


def test_a_restored_record_is_the_one_that_was_backed_up(
    kept: Record, bare_url: str, tmp_path: Path
) -> None:
    made = back_up(kept.url, tmp_path)
    migrate(bare_url)

    restored = restore(bare_url, made.file)

    assert restored == made
    assert (made.position, made.attachments) == (kept.head(), 2)  # the policy file, too
    assert rows(bare_url) == rows(kept.url)
    check_record(bare_url)
    with Record(bare_url) as again:
        document = again.attachments.find(sha256(PDF).hexdigest())
        assert document is not None
        assert b"".join(again.attachments.read(document, 0, document.bytes)) == PDF
        receipt = again.carry_out("community:b", register(), by=LI)
        with Received("application/pdf") as received:
            received.write(b"%PDF-1.7 another")
            assert again.attachments.store(received, file_name=None, person="li")[1]
    assert receipt.position == made.position + 1


def test_the_same_record_gives_the_same_bytes(kept: Record, tmp_path: Path) -> None:
    first, second = (back_up(kept.url, tmp_path / name).file for name in ("a.zip", "b.zip"))

    assert first.read_bytes() == second.read_bytes()
    assert first.stat().st_mode & 0o777 == 0o600


def test_a_backup_can_be_verified_with_tools_that_everybody_has(
    kept: Record, tmp_path: Path
) -> None:
    made = back_up(kept.url, tmp_path / "record.zip")
    shutil.unpack_archive(made.file, tmp_path / "unpacked")

    if program := shutil.which("sha256sum"):
        command = [program, "--check", "--quiet", "SHA256SUMS"]
        subprocess.run(command, cwd=tmp_path / "unpacked", check=True)
    chain = b""
    for line in (tmp_path / "unpacked" / "entries.jsonl").read_bytes().splitlines():
        chain = sha256(chain + line).digest()
    assert chain.hex() == made.chain
    assert (tmp_path / "unpacked" / "policies" / "2021.toml").exists()


def test_a_backup_is_of_one_position_while_others_record(
    kept: Record, bare_url: str, tmp_path: Path
) -> None:
    stop = Event()

    def go_on() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            kept.carry_out(f"community:m{number}", register(), by=LI)

    busy = Thread(target=go_on)
    busy.start()
    try:
        made = [back_up(kept.url, tmp_path) for _ in range(4)]
    finally:
        stop.set()
        busy.join()

    assert len({each.position for each in made}) == 4
    for each in made:
        assert check(each.file) == each
    migrate(bare_url)
    restore(bare_url, made[-1].file)
    check_record(bare_url)


def test_nothing_is_overwritten(kept: Record, tmp_path: Path) -> None:
    made = back_up(kept.url, tmp_path)

    with refused("record.backup-exists"):
        back_up(kept.url, tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == [made.file.name]


def test_a_restore_overwrites_no_record(kept: Record, bare_url: str, tmp_path: Path) -> None:
    made = back_up(kept.url, tmp_path)
    migrate(bare_url)
    restore(bare_url, made.file)
    before = rows(bare_url)

    with refused("record.not-empty"):
        restore(bare_url, made.file)
    assert rows(bare_url) == before


def test_an_empty_record_is_not_backed_up(empty_record: Record, tmp_path: Path) -> None:
    with refused("record.not-founded"):
        back_up(empty_record.url, tmp_path)
    assert list(tmp_path.iterdir()) == []


Damage = Callable[[dict[str, bytes]], None]


def changed(name: str, old: bytes, new: bytes) -> Damage:
    """Something else in a member, and its sum as it then is: only the content can say so."""

    def change(members: dict[str, bytes]) -> None:
        assert old in members[name]
        members[name] = members[name].replace(old, new, 1)
        lines = (f"{sha256(m).hexdigest()}  {n}\n" for n, m in members.items() if n != "SHA256SUMS")
        members["SHA256SUMS"] = "".join(lines).encode()

    return change


def without_line(name: str, number: int) -> Damage:
    def remove(members: dict[str, bytes]) -> None:
        line = members[name].splitlines(keepends=True)[number]
        changed(name, line, b"")(members)

    return remove


DAMAGES: dict[str, Damage] = {
    "a name": changed("entries.jsonl", "花园".encode(), "公园".encode()),
    "an entry's place": changed("entries.jsonl", b'"position":12,', b'"position":13,'),
    "an entry's version": changed("entries.jsonl", b'"version":2}', b'"version":3}'),
    "an entry's instant": changed("entries.jsonl", b'"recorded_at":"20', b'"recorded_at":"21'),
    "an entry's form": changed("entries.jsonl", b'{"actor"', b'{ "actor"'),
    "an unknown event": changed("entries.jsonl", b'"CommunityRenamed"', b'"CommunityMoved"'),
    "a missing entry": without_line("entries.jsonl", 5),
    "the last entry": without_line("entries.jsonl", -1),
    "a missing receipt": without_line("receipts.jsonl", 0),
    "the last receipt": without_line("receipts.jsonl", -1),
    "a receipt's command": changed("receipts.jsonl", b'"command_id": "', b'"command_id": "x'),
    "a document": changed(f"attachments/{sha256(PDF).hexdigest()}", b"PDF", b"pdf"),
    "a missing document": without_line("attachments.jsonl", 0),
    "the position": changed("annals.json", b'"position": ', b'"position": 1'),
    "no JSON": changed("receipts.jsonl", b"{", b"["),
}


@pytest.mark.parametrize("what", DAMAGES)
def test_a_backup_that_was_changed_is_refused(
    kept: Record, bare_url: str, tmp_path: Path, what: str
) -> None:
    made = back_up(kept.url, tmp_path / "sound.zip")
    with zipfile.ZipFile(made.file) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    DAMAGES[what](members)
    with zipfile.ZipFile(tmp_path / "changed.zip", "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    migrate(bare_url)

    with refused("record.backup-damaged"):
        restore(bare_url, tmp_path / "changed.zip")
    assert not any(rows(bare_url).values())


ALTERED: dict[str, str] = {
    "a missing entry": "delete from record.entries where notification_id = 5",
    "the last entry": "delete from record.entries where notification_id = "
    "(select max(notification_id) from record.entries)",
    "another content": "update record.entries set state = replace(convert_from(state, 'UTF8'), "
    "'\"version\":1}', '\"version\":7}')::bytea where notification_id = 5",
    "a missing receipt": 'delete from record.receipts where "position" = 1',
}


@pytest.mark.unchecked
def test_no_backup_is_made_of_a_record_that_was_altered(kept: Record, tmp_path: Path) -> None:
    with as_owner(kept.url) as owner:
        owner.autocommit = True
        owner.execute("set session_replication_role = replica")
        for table in ("entries", "receipts"):
            owner.execute(f"create temp table {table}_kept as table record.{table}".encode())
        for alter in ALTERED.values():
            owner.execute(alter.encode())
            with refused("record.backup-unsound"):
                back_up(kept.url, tmp_path)
            assert list(tmp_path.iterdir()) == []
            for table in ("entries", "receipts"):
                owner.execute(f"delete from record.{table}".encode())
                insert = f"insert into record.{table} select * from {table}_kept"
                owner.execute(insert.encode())
    assert back_up(kept.url, tmp_path).position == kept.head()


def test_a_torn_or_bitten_file_is_refused(kept: Record, tmp_path: Path) -> None:
    whole = back_up(kept.url, tmp_path / "sound.zip").file.read_bytes()
    bad = tmp_path / "bad.zip"
    cuts = [whole[: len(whole) * part // 7] for part in range(7)]
    step = max(len(whole) // 40, 1)
    bites = [
        whole[:at] + bytes([whole[at] ^ 0x10]) + whole[at + 1 :]
        for at in range(30, len(whole) // 2, step)
    ]
    for content in (*cuts, *bites):
        bad.write_bytes(content)
        with refused("record.backup-damaged"):
            check(bad)


def test_another_format_is_refused_by_its_number(kept: Record, tmp_path: Path) -> None:
    made = back_up(kept.url, tmp_path / "sound.zip")
    with zipfile.ZipFile(made.file) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    changed("annals.json", b'"format": 1', b'"format": 2')(members)
    with zipfile.ZipFile(tmp_path / "newer.zip", "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)

    with refused("record.backup-of-other-format"):
        check(tmp_path / "newer.zip")


def test_the_command_line_backs_up_checks_and_restores(
    kept: Record, bare_url: str, tmp_path: Path
) -> None:
    made = done(kept.url, "backup", tmp_path, "--json").json
    file = made["file"]
    assert done("", "restore", file, "--check", "--json").json == made
    done(bare_url, "migrate")
    assert str(kept.head()) in done(bare_url, "restore", file, "--lang", "en").out
    status = done(bare_url, "status", "--json").json
    assert (status["head"], status["lag"], status["record"]) == (kept.head(), 0, "sound")
    assert "已有编年" in refused_by_command(bare_url, "restore", file)
    assert (
        json.loads(done(bare_url, "backup", tmp_path / "2.zip", "--json").out)["chain"]
        == (made["chain"])
    )


def test_a_record_that_rests_on_another_policy_file_is_refused(
    kept: Record, tmp_path: Path
) -> None:
    made = back_up(kept.url, tmp_path / "sound.zip")
    with zipfile.ZipFile(made.file) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    own, other = (f'"digest":"{each}"'.encode() for each in (built_in()["2021"].digest, "0" * 64))
    changed("entries.jsonl", own, other)(members)
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)

    with refused("record.backup-policy"):
        check(tmp_path / "other.zip")
