"""The second factor: its codes, and what the database alone does not give."""

from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import psycopg
import pyotp
from psycopg import sql

from access.access import Access
from access.kernel import Database
from access.refusing import NotSignedIn
from access.sealing import KEY_BYTES, Seal, begin
from access.second_factor import SecondFactors
from record.store.recorder import Datastore
from tests.access.conftest import PASSWORD, PASSWORD_2, SEAL, SetClock
from tests.databases import as_owner
from tests.refusing import refused, stopped

NEWER = Seal((b"n" * KEY_BYTES, *SEAL.keys))


def test_a_second_factor_counts_once_a_code_has_confirmed_it(
    access: Access, clock: SetClock
) -> None:
    with refused("second-factor.not-begun"):
        access.second_factors.confirm("li.na", "000000")
    enrolled = access.second_factors.enrol("li.na", "lina")
    device = pyotp.TOTP(enrolled.secret)
    assert enrolled.secret in enrolled.address
    with refused("second-factor.wrong-code"):
        access.second_factors.confirm("li.na", "000000x")
    assert access.sign_in.check("lina", PASSWORD) == "li.na"

    access.second_factors.confirm("li.na", device.at(clock.now))

    with refused("second-factor.there-already"):
        access.second_factors.enrol("li.na", "lina")
    with refused("sign-in.code-needed", NotSignedIn):
        access.sign_in.check("lina", PASSWORD)
    clock.forward(seconds=30)
    with refused("sign-in.refused", NotSignedIn):
        access.sign_in.check("lina", PASSWORD_2, device.at(clock.now))
    assert access.sign_in.check("lina", PASSWORD, device.at(clock.now)) == "li.na"


def test_a_code_works_once_and_only_about_its_time(access: Access, clock: SetClock) -> None:
    device = pyotp.TOTP(access.second_factors.enrol("li.na", "lina").secret)
    access.second_factors.confirm("li.na", device.at(clock.now))
    with refused("sign-in.refused", NotSignedIn):
        access.sign_in.check("lina", PASSWORD, device.at(clock.now))

    code = device.at(clock.now, counter_offset=2)
    with refused("sign-in.refused", NotSignedIn):
        access.sign_in.check("lina", PASSWORD, code)
    clock.forward(seconds=30)
    assert access.sign_in.check("lina", PASSWORD, f"{code[:3]} {code[3:]}") == "li.na"


def test_a_recovery_code_stands_in_for_a_lost_device_once(access: Access, clock: SetClock) -> None:
    device = pyotp.TOTP(access.second_factors.enrol("li.na", "lina").secret)
    first, second, *_ = access.second_factors.confirm("li.na", device.at(clock.now))

    assert access.sign_in.check("lina", PASSWORD, first.upper()) == "li.na"
    with refused("sign-in.refused", NotSignedIn):
        access.sign_in.check("lina", PASSWORD, first)
    assert access.sign_in.check("lina", PASSWORD, second) == "li.na"


def test_without_a_second_factor_the_password_is_enough_again(
    access: Access, clock: SetClock
) -> None:
    device = pyotp.TOTP(access.second_factors.enrol("li.na", "lina").secret)
    access.second_factors.confirm("li.na", device.at(clock.now))

    access.second_factors.remove("li.na")

    assert access.sign_in.check("lina", PASSWORD) == "li.na"
    assert not access.accounts.account("li.na").second_factor


def test_a_copy_of_the_database_gives_no_code(
    access: Access, clock: SetClock, database_url: str
) -> None:
    secret = access.second_factors.enrol("li.na", "lina").secret
    codes = access.second_factors.confirm("li.na", pyotp.TOTP(secret).at(clock.now))
    with as_owner(database_url) as owner:
        named = "select tablename from pg_tables where schemaname = 'access'"
        tables = [sql.Identifier("access", name) for (name,) in owner.execute(named).fetchall()]
        rows = [
            row
            for table in tables
            for row in owner.execute(sql.SQL("select t::text from {} t").format(table)).fetchall()
        ]
    copy = " ".join(text for (text,) in rows)

    assert len(rows) > 1 + len(codes)
    assert not [each for each in (secret, *codes) if each in copy]


def test_a_sealed_secret_opens_for_its_person_only(database_url: str, access: Access) -> None:
    access.accounts.add(person="eve", login="eve", password=PASSWORD_2)
    own = pyotp.TOTP(access.second_factors.enrol("eve", "eve").secret)
    access.second_factors.enrol("li.na", "lina")
    with psycopg.connect(database_url) as connection:
        connection.execute(
            "update access.second_factors set secret = (select secret from access.second_factors"
            " where person = 'eve') where person = 'li.na'"
        )
    with refused("second-factor.wrong-code"):
        access.second_factors.confirm("li.na", own.now())


def test_keys_are_rotated_by_a_newer_one_before_the_older(
    access: Access, clock: SetClock, database_url: str
) -> None:
    secret = access.second_factors.enrol("li.na", "lina").secret
    recovery, *_ = access.second_factors.confirm("li.na", pyotp.TOTP(secret).at(clock.now))
    clock.forward(seconds=30)
    with Datastore(database_url) as datastore:

        def factors(seal: Seal | None) -> SecondFactors:
            return SecondFactors(Database(datastore, clock), seal)

        only_newer = Seal(NEWER.keys[:1])
        for without in (only_newer, None):
            with stopped("second-factor.keys-lost"):
                factors(without).seal_again()
            assert not factors(without).matches("li.na", pyotp.TOTP(secret).at(clock.now))
        factors(NEWER).seal_again()
        factors(only_newer).seal_again()
        assert factors(only_newer).matches("li.na", pyotp.TOTP(secret).at(clock.now))
        assert factors(None).matches("li.na", recovery), "a recovery code needs no key"
        with refused("second-factor.no-keys"):
            factors(None).enrol("eve", "eve")


def test_a_secret_of_an_earlier_version_is_sealed_when_the_server_begins(
    access: Access, clock: SetClock, database_url: str
) -> None:
    access.second_factors.enrol("li.na", "lina")
    secret = pyotp.random_base32()
    with psycopg.connect(database_url) as connection:
        connection.execute("update access.second_factors set secret = %s", [secret])
    with refused("second-factor.wrong-code"):
        access.second_factors.confirm("li.na", pyotp.TOTP(secret).at(clock.now))

    access.second_factors.seal_again()

    assert access.second_factors.confirm("li.na", pyotp.TOTP(secret).at(clock.now))


def test_who_begin_at_the_same_time_have_the_same_key(tmp_path: Path) -> None:
    file, all_there = tmp_path / "keys", Barrier(8)

    def begun(_: int) -> Seal:
        all_there.wait()
        begin(file)
        return Seal.of_file(file)

    with ThreadPoolExecutor(8) as threads:
        assert len(set(threads.map(begun, range(8)))) == 1
    assert [*tmp_path.iterdir()] == [file]


def test_a_file_of_keys_is_made_once_and_read_as_a_whole(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    begin(file)
    made = Seal.of_file(file)
    begin(file)
    assert Seal.of_file(file) == made
    assert file.stat().st_mode & 0o777 == 0o600
    newer = b64encode(NEWER.keys[0])
    file.write_bytes(newer + b"\n" + file.read_bytes())
    assert Seal.of_file(file).keys == (NEWER.keys[0], *made.keys)
    for unfit in (b"", b"a key", newer[:-4], newer + b"\n\xff"):
        file.write_bytes(unfit)
        with stopped("second-factor.keys-unfit"):
            Seal.of_file(file)
