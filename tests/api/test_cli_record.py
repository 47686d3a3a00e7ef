"""`annals found`, `migrate`, `status` and `rebuild`: a record begins, and is looked after."""

import time
from pathlib import Path

import psycopg
import pytest

from api.cli.acting import acting
from domain.authority.granting import RevokeAuthority
from domain.kernel.context import Authority
from domain.kernel.refusal import NotAuthorised
from projections.all import PROJECTIONS
from projections.engine.rebuild import rebuild
from projections.engine.worker import catch_up
from record.store.record import Record
from tests.api.console import annals, done, refused_by
from tests.api.console import refused as refused_as
from tests.city import CITY, DISTRICT, LI, register
from tests.city import acting as acting_of
from tests.officials import grant_of
from tests.refusing import refused

NOWHERE = "postgresql://nobody@127.0.0.1:1/nothing"


def test_a_record_is_founded_by_whoever_the_command_line_acts_for(database_url: str) -> None:
    answer = done(database_url, "found", "--city", "绵阳市", "--code", "5107", "--json")

    with Record(database_url) as record:
        (entry,) = record.history("record")
    assert answer.json["position"] == 1
    assert entry.actor.person == "li.na"
    assert entry.authority.role == "arbiter"
    assert entry.authority.jurisdiction == answer.json["city"]


def test_founding_the_same_record_twice_is_founding_it_once(database_url: str) -> None:
    first, second = (
        done(database_url, "found", "--city", "绵阳市", "--code", "5107", "--json")
        for _ in range(2)
    )

    assert first == second


def test_a_database_holds_one_record(database_url: str) -> None:
    done(database_url, "found", "--city", "绵阳市", "--code", "5107")

    second = refused_by(database_url, "found", "--city", "成都市", "--code", "5101")
    assert second == "command-line.another-record"


def test_a_policy_that_the_product_does_not_have_is_refused(database_url: str) -> None:
    words = ("found", "--city", "绵阳市", "--code", "5107", "--policy", "1999", "--lang", "en")

    assert "Choose one of 2021" in refused_as(database_url, *words)


def test_what_does_not_fit_a_field_is_a_usage_error(database_url: str) -> None:
    answer = annals(database_url, "found", "--city", "绵阳市", "--code", "51")

    assert answer.code == 2
    assert "city_code" in answer.err


def test_an_actor_that_is_no_id_is_a_usage_error(database_url: str) -> None:
    words = ("found", "--city", "绵阳市", "--code", "5107", "--actor", "李 娜")

    assert annals(database_url, *words).code == 2


@pytest.mark.parametrize(
    "words",
    [
        ("export", "register"),
        ("import", "roster", __file__, "--as-of", "2020-06-30"),
        ("replay", "警钟街社区"),
    ],
)
def test_nothing_works_on_a_record_that_is_not_founded(
    database_url: str, words: tuple[str, ...]
) -> None:
    assert refused_by(database_url, *words)


def test_migrating_twice_applies_everything_once(bare_url: str) -> None:
    first, second = (done(bare_url, "migrate", "--json").json for _ in range(2))

    assert first["applied"]
    assert second["applied"] == []


def test_commands_name_the_migration_that_they_wait_for(bare_url: str) -> None:
    for words in (("found", "--city", "绵阳市", "--code", "5107"), ("rebuild",), ("work",)):
        assert refused_by(bare_url, *words) == "command-line.migrations-missing"


def test_the_status_of_an_unmigrated_database_says_what_is_missing(bare_url: str) -> None:
    status = done(bare_url, "status", "--json").json

    assert status["migrations_pending"]
    assert "annals migrate" in done(bare_url, "status").out


def test_a_database_that_is_away_is_waited_for_and_then_named() -> None:
    began = time.monotonic()

    code = refused_by(NOWHERE, "migrate", "--wait-seconds", "1")

    assert time.monotonic() - began >= 1
    assert code == "command-line.database-away"


@pytest.mark.parametrize("words", [("status",), ("rebuild",), ("export", "register"), ("work",)])
def test_a_database_that_is_away_is_a_sentence(words: tuple[str, ...]) -> None:
    assert refused_by(NOWHERE, *words) == "command-line.database-away"


def test_the_status_tells_positions_and_lag(database_url: str, record: Record) -> None:
    catch_up(database_url, PROJECTIONS)
    at = record.head()
    record.carry_out("community:a", register(), by=LI)

    status = done(database_url, "status", "--json").json

    assert status["head"] == record.head()
    assert status["position"] == at
    assert status["lag"] == record.head() - at
    assert {each["name"] for each in status["projections"]} == {p.name for p in PROJECTIONS}
    assert status["city"] == "绵阳市"
    assert not status["rebuild_needed"]


@pytest.mark.unchecked
@pytest.mark.usefixtures("record")
def test_a_parked_projection_is_named_with_its_error(database_url: str) -> None:
    catch_up(database_url, PROJECTIONS)
    with psycopg.connect(database_url) as connection:
        connection.execute(
            "update projections.progress set parked_at = 3, position = 2, error = 'KeyError: x'"
            " where projection = 'register'"
        )

    assert "KeyError: x" in done(database_url, "status").out
    assert done(database_url, "status", "--json").json["rebuild_needed"]
    assert refused_by(database_url, "export", "register") == "read-models.parked"


def test_a_rebuild_says_that_it_agrees_with_what_was_there(
    database_url: str, record: Record
) -> None:
    record.carry_out("community:a", register(), by=LI)

    rebuilt = done(database_url, "rebuild", "--json").json

    assert rebuilt == {
        "position": record.head(),
        "entries": record.head(),
        "compared": True,
        "differences": [],
    }


@pytest.mark.unchecked
def test_a_rebuild_shows_what_differed(database_url: str, record: Record) -> None:
    record.carry_out("community:a", register(), by=LI)
    catch_up(database_url, PROJECTIONS)
    with psycopg.connect(database_url) as connection:
        connection.execute("update projections.community_line set name = '假'")

    assert "community_line" in done(database_url, "rebuild").out
    assert "假" not in done(database_url, "export", "register").out


def test_an_interrupted_rebuild_is_gone_on_with(database_url: str, record: Record) -> None:
    _interrupted(database_url)

    assert done(database_url, "status", "--json").json["rebuilding"] == record.head()
    answer = done(database_url, "rebuild", "--lang", "en")

    assert "Continuing" in answer.err
    assert "0 entries this time" in answer.out
    assert done(database_url, "status", "--json").json["rebuilding"] is None


@pytest.mark.usefixtures("record")
def test_an_unfinished_rebuild_can_be_dropped(database_url: str) -> None:
    _interrupted(database_url)

    done(database_url, "rebuild", "--cancel")

    assert done(database_url, "status", "--json").json["rebuilding"] is None
    assert "nothing to drop" in done(database_url, "rebuild", "--cancel", "--lang", "en").out


def test_a_rebuild_can_be_rolled_back_once_there_was_one(database_url: str, record: Record) -> None:
    assert refused_by(database_url, "rebuild", "--roll-back") == "read-models.no-earlier"

    done(database_url, "rebuild")
    done(database_url, "rebuild", "--roll-back")

    assert done(database_url, "status", "--json").json["head"] == record.head()


def _interrupted(url: str) -> None:
    def interrupt(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rebuild(url, PROJECTIONS, on_progress=interrupt)


def test_who_uses_the_database_acts_under_a_grant_once_there_is_any(record: Record) -> None:
    assert acting(record, "anyone").authority == Authority(role="arbiter", jurisdiction=CITY)

    first = grant_of(record, role="decider", person="zhao", place=DISTRICT)
    second = grant_of(record, role="auditor", person="zhao")
    for chosen, grant in (
        ({"role": "decider"}, first),
        ({"jurisdiction": DISTRICT}, first),
        ({"role": "auditor"}, second),
    ):
        by = acting(record, "zhao", **chosen)
        assert (by.actor.person, by.authority.grant) == ("zhao", grant)

    for who, code in (
        (("anyone", {}), "authority.none-in-force"),
        (("zhao", {}), "authority.not-chosen"),
        (("zhao", {"role": "arbiter"}), "authority.none-in-force"),
        (("zhao", {"unit": CITY, "role": "decider"}), "authority.none-in-force"),
    ):
        with refused(code, NotAuthorised):
            acting(record, who[0], **who[1])


def test_a_revoked_grant_imports_nothing(record: Record, tmp_path: Path) -> None:
    grant = grant_of(record, role="decider", person="li.na")
    revoke = RevokeAuthority(grant=grant, reason="调离")
    record.carry_out("authority:li.na", revoke, by=acting_of("system", unit=CITY))
    file = tmp_path / "units.csv"
    file.write_text(
        "单位名称,类别,所属区划,起始日期\n某局,政府机关,绵阳市,2020-06-30\n", encoding="utf-8"
    )

    assert refused_by(record.url, "import", "units", file, "--apply") == "authority.none-in-force"
