"""A city's own policy file: kept in its record under its digest, and resolved from there."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from threading import Barrier

import psycopg
import pytest

from domain.adoption.adopting import AdoptPolicy, AdoptPolicyFile
from domain.kernel.policy import built_in, editions, policy_digest, read_policy
from domain.kernel.refusal import Conflict
from record.backup.backup import back_up
from record.backup.restore import check, restore
from record.store.migrate import migrate
from record.store.record import Record
from tests.city import LI, acting, classify, register
from tests.refusing import refused

TEXT = built_in()["2021"].text
OWN = TEXT.replace('version = "2021"', 'version = "2021-wang"', 1)
ARBITER = acting("arbiter")


@pytest.fixture(autouse=True)
def a_process_of_its_own() -> Iterator[None]:
    """Nothing that one test adopted is known to another."""
    yield
    forget()


def forget() -> None:
    editions._brought.clear()
    editions._unreadable.clear()


def adopt(record: Record, text: str, day: date | None = None) -> None:
    command = AdoptPolicyFile(file=text, effective_from=day or record.today())
    record.carry_out("policy", command, by=ARBITER)


def test_the_file_of_every_adoption_is_on_record_with_its_bytes(record: Record) -> None:
    adopt(record, f"# 我市\r\n{OWN}")

    for digest, text in (
        (built_in()["2021"].digest, TEXT),
        (policy_digest(f"# 我市\r\n{OWN}"), f"# 我市\r\n{OWN}"),
    ):
        assert record.policies.text(digest) == text


def test_another_process_decides_under_the_adopted_file_and_has_it_from_the_record(
    record: Record,
) -> None:
    adopt(record, OWN)
    forget()

    with Record(record.url) as later:
        later.carry_out("community:a", register(), by=LI)
        (entry,) = later.history("community:a")
        assert entry.policy == "2021-wang"
        assert later.adopted().in_force(later.today()).version == "2021-wang"


def test_what_was_decided_before_keeps_its_edition_and_a_day_to_come_changes_nothing_yet(
    record: Record,
) -> None:
    record.carry_out("community:a", register(), by=LI)
    adopt(record, OWN, record.today() + timedelta(30))
    record.carry_out("community:b", register("乙社区", code="510703001002"), by=LI)

    adopted = record.adopted()
    assert [e.policy for s in ("a", "b") for e in record.history(f"community:{s}")] == ["2021"] * 2
    assert adopted.in_force(record.today()).version == "2021"
    assert adopted.in_force(record.today() + timedelta(30)).version == "2021-wang"


def test_the_record_is_read_again_without_the_products_file(
    record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed = editions.Edition(built_in()["2021"].policy, "0" * 64, TEXT)
    monkeypatch.setattr(editions, "built_in", lambda: {"2021": changed})
    monkeypatch.setattr(editions, "_by_digest_built_in", lambda: {changed.digest: changed})

    with Record(record.url) as later:
        later.carry_out("community:a", register(), by=LI)
        assert later.adopted().in_force(later.today()) == built_in()["2021"].policy


def test_of_two_adoptions_at_the_same_time_one_wins(record: Record) -> None:
    start = Barrier(2)

    def adopting(name: str) -> str:
        with Record(record.url) as own:
            own.adopted()
            start.wait()
            try:
                adopt(own, OWN.replace("wang", name))
            except Conflict as conflict:
                return conflict.code
            return name

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(adopting, ("x", "y")))

    in_force = record.adopted().in_force(record.today()).version.removeprefix("2021-")
    # Whoever comes when the other is done adopts after it.
    assert set(outcomes) in ({in_force, "record.changed-meanwhile"}, {"x", "y"})
    assert in_force in outcomes


def test_a_file_with_faults_leaves_nothing_behind(record: Record) -> None:
    with refused("policy-file.wrong"):
        adopt(record, OWN.replace("every_years = 2", ""))

    assert record.policies.text(policy_digest(OWN.replace("every_years = 2", ""))) is None


def test_a_file_that_this_version_cannot_read_is_named_at_the_start(
    record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    newer = OWN.replace("[work]", "[something_new]\na = 1\n\n[work]")
    monkeypatch.setattr("domain.adoption.adopting.read_policy", lambda _: read_policy(OWN))
    adopt(record, newer)
    monkeypatch.undo()

    with Record(record.url) as later:
        with pytest.raises(Exception, match="2021-wang") as stopped:
            later.policies.require_readable(later.state("policy"), later.today())
        assert getattr(stopped.value, "code", "") == "record.policy-unreadable"
        assert "something_new" in str(stopped.value)
        with refused("policy.file-unreadable"):
            later.carry_out("community:a", register(), by=LI)
        again = AdoptPolicy(policy="2021", effective_from=later.today())
        later.carry_out("policy", again, by=ARBITER)
        later.policies.require_readable(later.state("policy"), later.today())


def test_a_backup_has_the_adopted_files_and_is_refused_without_them(
    record: Record, bare_url: str, tmp_path: Path
) -> None:
    adopt(record, OWN)
    record.carry_out("community:a", register(), by=LI)
    made = back_up(record.url, tmp_path)
    migrate(bare_url)
    forget()

    check(made.file)
    restore(bare_url, made.file)

    with Record(bare_url) as restored:
        restored.carry_out("community:a", classify(), by=LI)
        assert restored.adopted().in_force(restored.today()).version == "2021-wang"


def test_nobody_changes_a_kept_file(record: Record) -> None:
    adopt(record, OWN)

    with psycopg.connect(record.url) as connection, pytest.raises(psycopg.Error):
        connection.execute("delete from record.attachments")
