"""What a city imports when it begins: its register, and five years of surveys and changes."""

from collections.abc import Iterator
from datetime import date
from random import Random
from typing import Any

from domain.batch.receiving import ReceiveBatch
from domain.classification.classification import ClassifyCommunity
from domain.community.identity import MoveCommunity, RegisterCommunity, RenameCommunity
from domain.community.profile import SurveyProfile
from domain.founding.founding import FoundRecord
from domain.jurisdiction.tree import EstablishJurisdiction
from domain.kernel.context import Acting, Actor, Authority
from domain.kernel.policy import IndicatorValue, built_in
from record.store.batch import BatchStep
from record.store.migrate import migrate
from record.store.record import Record

POLICY = sorted(built_in())[-1]
FIRST = date(2015, 1, 1)
SUBDISTRICTS = 40
RULES = built_in()[POLICY].policy
KEEPER: Any = RULES.registers.may_keep_communities[0]  # the role that keeps the register
YEARS = (2021, 2022, 2023, 2024, 2025)


def acting(record: Record, person: str, role: Any) -> Acting:
    """Somebody of the record's city in this role."""
    city: str = record.state("record").city
    return Acting(
        actor=Actor(person=person, unit=city), authority=Authority(role=role, jurisdiction=city)
    )


def founded(url: str) -> Record:
    """A new record in an empty database, of a city with one district and its subdistricts."""
    migrate(url)
    record = Record(url)
    _found(record)
    return record


def _found(record: Record) -> None:
    founding = FoundRecord(
        city_name="清江市", city_code="9901", policy=POLICY, origin="bench.example/1"
    )
    founder = Authority(role="arbiter", jurisdiction="city")
    record.carry_out(
        "record", founding, by=Acting(actor=Actor(person="arbiter", unit="city"), authority=founder)
    )
    arbiter = acting(record, "arbiter", "arbiter")
    district = EstablishJurisdiction(
        level="district",
        name="东城区",
        code="990101",
        parent=arbiter.authority.jurisdiction,
        effective_from=FIRST,
    )
    record.carry_out("jurisdiction:d1", district, by=arbiter)
    for number in range(SUBDISTRICTS):
        subdistrict = EstablishJurisdiction(
            level="subdistrict",
            name=f"第{number}街道",
            code=f"990101{number:03}",
            parent="d1",
            effective_from=FIRST,
        )
        record.carry_out(f"jurisdiction:s{number}", subdistrict, by=arbiter)


def batches(communities: int) -> list[tuple[str, list[BatchStep]]]:
    """The whole import: (who hands it in, the steps) for each batch."""
    return [(KEEPER, list(_registrations(communities))), *_five_years(communities)]


def _registrations(communities: int) -> Iterator[BatchStep]:
    for number in range(communities):
        place = number % SUBDISTRICTS
        yield BatchStep(
            f"community:c{number}",
            RegisterCommunity(
                name=f"花园{number}社区",
                code=f"990101{place:03}{number // SUBDISTRICTS:03}",
                subdistrict=f"s{place}",
                effective_from=FIRST,
                origin="existing",
            ),
        )


def _five_years(communities: int, *, seed: int = 1) -> Iterator[tuple[str, list[BatchStep]]]:
    random = Random(seed)
    types = [each.code for each in RULES.types]
    counts = [each.code for each in RULES.indicators if each.unit == "count"][:6]
    decider = RULES.classification.may_classify[0]
    yield (
        decider,
        [
            BatchStep(
                f"community:c{number}",
                ClassifyCommunity(type=random.choice(types), effective_from=date(2021, 3, 1)),
            )
            for number in range(communities)
        ],
    )
    for year in YEARS:
        for month in (3, 9):
            yield "recorder", [_survey(n, year, month, counts, random) for n in range(communities)]
        changed = random.sample(range(communities), communities // 10)
        yield KEEPER, [_rename(n, year) for n in changed]
        yield KEEPER, [_move(n, year) for n in changed]


def _survey(number: int, year: int, month: int, indicators: list[str], random: Random) -> BatchStep:
    found: dict[str, IndicatorValue] = {code: random.randrange(5_000) for code in indicators}
    survey = SurveyProfile(surveyed_on=date(year, month, 15), indicators=found, source="网格普查")
    return BatchStep(f"community:c{number}", survey)


def _rename(number: int, year: int) -> BatchStep:
    renamed = RenameCommunity(
        name=f"花园{number}社区{year}", effective_from=date(year, 7, 1), reason="社区更名"
    )
    return BatchStep(f"community:c{number}", renamed)


def _move(number: int, year: int) -> BatchStep:
    place = (number + year - YEARS[0] + 1) % SUBDISTRICTS  # never where it has been
    moved = MoveCommunity(subdistrict=f"s{place}", effective_from=date(year, 8, 1))
    return BatchStep(f"community:c{number}", moved)


def received(number: int, rows: int) -> ReceiveBatch:
    """The batch that such steps come in."""
    return ReceiveBatch(
        source="roster",
        file_name=f"bench-{number}.csv",
        file_digest=f"{number:064x}",
        rows=rows,
        as_of=date(2025, 12, 31),
    )
