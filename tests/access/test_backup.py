"""A backup of accounts and log is apart from the record's, and brings back who could come in."""

import stat
from hashlib import sha256
from pathlib import Path

import pyotp

from access.access import Access
from access.backup import back_up, restore
from access.passwords import Passwords
from record.store.migrate import migrate
from record.store.record import Record
from record.store.recorder import Datastore
from tests.access.conftest import PASSWORD, QUICK, SEAL, SetClock
from tests.access.test_sessions import begin, create
from tests.api.console import done
from tests.databases import as_owner
from tests.refusing import refused


def test_what_is_restored_lets_the_same_people_in_and_goes_on_with_the_log(
    access: Access,
    clock: SetClock,
    database_url: str,
    record: Record,
    bare_url: str,
    tmp_path: Path,
) -> None:
    secret = access.second_factors.enrol("li.na", "lina").secret
    first, *_ = access.second_factors.confirm("li.na", pyotp.TOTP(secret).at(clock.now))
    key, session = create(access), begin(access)
    access.identities.link("li.na", issuer="https://id", subject="1", expected=None, by="song")
    for number in range(3):
        access.log.note("sign-in", person="li.na", subject=f"{number}")
    before = access.log.page(after=0, limit=99)
    to, accounts = tmp_path / "record.zip", tmp_path / "accounts.jsonl"

    done(database_url, "backup", to, "--accounts", accounts)
    done(bare_url, "migrate")
    done(bare_url, "restore", to, "--accounts", accounts)

    assert stat.S_IMODE(accounts.stat().st_mode) == 0o600
    assert not [each for each in (PASSWORD, secret, first, session) if each in accounts.read_text()]
    with Datastore(bare_url) as datastore, Record(bare_url) as restored:
        there = Access(datastore, clock=clock, passwords=Passwords(QUICK), seal=SEAL)
        clock.forward(seconds=30)
        code = pyotp.TOTP(secret).at(clock.now)
        assert there.sign_in.check("lina", PASSWORD, code) == "li.na"
        assert there.sign_in.check("lina", PASSWORD, first) == "li.na"
        assert there.keys.find(key.text).grant == "g1"
        assert [each.subject for each in there.identities.of("li.na")] == ["1"]
        assert there.sessions.of("li.na") == []
        there.log.note("sign-in", person="li.na")
        assert there.log.page(after=0, limit=3) == before
        assert (there.log.check().entries, there.log.check().broken) == (5, None)
        assert restored.head() == record.head()
    with refused("access.not-empty"):
        restore(bare_url, accounts)
    with refused("record.backup-exists"):
        back_up(database_url, accounts)


def test_a_file_that_was_changed_is_not_restored(
    access: Access, database_url: str, bare_url: str, tmp_path: Path
) -> None:
    for person in ("li.na", "wang"):
        access.log.note("sign-in", person=person)
    back_up(database_url, file := tmp_path / "accounts.jsonl")
    migrate(bare_url)
    *lines, _ = file.read_bytes().splitlines(keepends=True)

    def written(lines: list[bytes]) -> Path:
        text = b"".join(lines)
        file.write_bytes(text + b'{"sha256": "%s"}\n' % sha256(text).hexdigest().encode())
        return file

    forged = [each.replace(b"wang", b"song") for each in lines]
    for unsound in (lines[:-2] + lines[-1:], forged):
        with refused("record.backup-damaged"):
            restore(bare_url, written(unsound))
    with refused("record.backup-of-other-format"):
        restore(bare_url, written([b'{"format": 9}\n', *lines[1:]]))
    file.write_bytes(b"".join(forged))
    with refused("record.backup-damaged"):
        restore(bare_url, file)
    with as_owner(bare_url) as owner:
        assert owner.execute("select count(*) from access.accounts").fetchone() == (0,)
    assert restore(bare_url, written(lines)) == len(lines) - 1


def test_an_auditor_reads_no_account_and_notes_only_what_it_takes_along(database_url: str) -> None:
    with as_owner(database_url) as owner:
        may = owner.execute(
            "select has_table_privilege(r, 'access.accounts', 'select'),"
            " has_function_privilege(r, 'access.note(jsonb)', 'execute'),"
            " has_function_privilege(r, 'access.note_export(text,text,text)', 'execute')"
            " from (select 'annals_auditor'::name as r) as role"
        ).fetchone()
    assert may == (False, False, True)
