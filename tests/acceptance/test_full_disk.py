"""A full disk: it is named, documents stop first, and all goes on once there is room."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from subprocess import Popen
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from record.disk import Disk
from record.postgres.server import EmbeddedPostgres
from tests.api.clerk import Clerk
from tests.api.console import address_of, key_at, started, until
from tests.databases import as_owner, folder_for_postgres

RENAME = {"name": "钟楼社区", "effective_from": "2024-07-01"}
FULL = """
create function record.full() returns trigger language plpgsql as $$
begin
    raise exception 'could not extend file: No space left on device' using errcode = 'disk_full';
end
$$;
create trigger full_disk before insert on record.entries execute function record.full();
"""


@pytest.mark.usefixtures("community")
def test_a_full_disk_is_named_and_a_command_may_be_repeated(clerk: Clerk, community: str) -> None:
    clerk.catch_up()
    path = f"/api/v1/communities/{community}/names"
    with as_owner(clerk.url) as owner:
        owner.execute(FULL)
    full = clerk.send(path, RENAME, key="k-1")
    document = clerk.client.post(
        "/api/v1/attachments",
        content=b"%PDF-1.7\n",
        headers={"Content-Type": "application/pdf"},
    )
    ready = clerk.get("/health/ready")
    with as_owner(clerk.url) as owner:
        owner.execute("drop trigger full_disk on record.entries; drop function record.full")
    again = clerk.send(path, RENAME, key="k-1")

    assert (full.status_code, full.json()["code"]) == (507, "request.no-room")
    assert ready.status_code == 503
    assert "disk" in ready.json()["reasons"][0]
    assert again.status_code == 201
    assert (document.status_code, document.json()["code"]) == (
        507,
        "request.no-room-for-documents",
    )


def test_documents_stop_at_a_floor_before_the_disk_is_full(tmp_path: Path) -> None:
    _, _, free = shutil.disk_usage(tmp_path)
    disk = Disk(tmp_path)

    assert not disk.takes(free)
    assert disk.is_full == (free < 16 << 20)


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A folder on a disk of its own of 160 MiB."""
    if os.geteuid() != 0:
        pytest.skip("only root mounts a small disk")
    with folder_for_postgres() as folder:
        options = ["-o", "size=160m,mode=755"]
        mount = ["mount", "-t", "tmpfs", *options, "tmpfs", str(folder)]
        if subprocess.run(mount, check=False, capture_output=True).returncode:
            pytest.skip("this system mounts no tmpfs here")
        yield folder
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def _asked(
    address: str, path: str, body: Any = None, key: str = "", *, by: str = ""
) -> tuple[int, Any]:
    headers = {"Content-Type": "application/json", "Idempotency-Key": key}
    headers["Authorization"] = f"Bearer {by}"
    content = json.dumps(body).encode() if body else None
    try:
        with urlopen(Request(address + path, content, headers)) as answer:
            return answer.status, json.loads(answer.read())
    except HTTPError as problem:
        return problem.code, json.loads(problem.read())


@pytest.mark.slow
@pytest.mark.acceptance
def test_the_private_postgresql_goes_on_when_there_is_room_again(
    small_disk: Path, processes: list["Popen[str]"]
) -> None:
    home = {"ANNALS_HOME": str(small_disk), "DATABASE_URL": ""}
    found = started("found", "--city", "绵阳市", "--code", "5107", "--json", **home)
    city = json.loads(found.communicate()[0])["city"]
    process = started("serve", "--port", "0", **home)
    processes.append(process)
    address = address_of(process)
    until(lambda: _asked(address, "health/ready")[0] == 200)
    logins = EmbeddedPostgres.running(small_disk)
    assert logins is not None
    by = key_at(logins.server)
    filler = small_disk / "filler"
    with suppress(OSError), filler.open("wb", buffering=0) as file:
        while True:  # until there is no room: the database takes some of it meanwhile
            file.write(bytes(4_096))

    ready = _asked(address, "health/ready")
    recorded, status, answer, number = [], 0, {"code": ""}, 0
    for number in range(10_000):
        status, answer = _asked(
            address, "api/v1/jurisdictions", district(city, number), f"k{number}", by=by
        )
        if status != 201:
            break
        recorded.append(answer["position"])
    filler.unlink()

    assert (ready[0], "disk" in ready[1]["reasons"][0]) == (503, True)
    assert (status, answer["code"]) == (507, "request.no-room")
    until(lambda: _asked(address, "health/ready")[0] == 200)
    again = _asked(address, "api/v1/jurisdictions", district(city, number), f"k{number}", by=by)
    assert again[0] == 201
    assert again[1]["position"] > max(recorded, default=0)


def district(city: str, number: int) -> dict[str, str]:
    return {
        "level": "district",
        "name": f"第{number}区",
        "code": f"51{number:04}",
        "parent": city,
        "effective_from": "2000-01-01",
    }
