"""The bench's generator: more of the same city, as the record itself would have written it."""

from datetime import date
from typing import cast

import psycopg

from bench import mixture
from domain.classification.classification import ClassifyCommunity
from domain.community.identity import RegisterCommunity, RenameCommunity
from domain.founding.founding import FoundRecord
from domain.jurisdiction.tree import EstablishJurisdiction
from domain.kernel.context import Acting, Actor, Authority, Role
from domain.kernel.ids import derive_id
from domain.kernel.policy import built_in
from record.store.record import Record
from tests.checker import check
from tests.databases import Databases, owned

SINCE = date(2020, 1, 1)
CITY = derive_id("city", "test.example/1")
DISTRICT, PLACE, *COMMUNITIES = (derive_id("test", number) for number in range(5))


def of(role: str) -> Acting:
    return Acting(
        actor=Actor(person="li.na", unit=CITY),
        authority=Authority(role=cast(Role, role), jurisdiction=CITY),
    )


def a_small_city(record: Record) -> None:
    policy = built_in()[max(built_in())].policy
    arbiter = of("arbiter")
    found = FoundRecord(
        city_name="安澜市", city_code="9901", policy=policy.version, origin="test.example/1"
    )
    record.carry_out("record", found, by=arbiter)
    for level, id, name, code, parent in (
        ("district", DISTRICT, "澜江区", "990102", found.city),
        ("subdistrict", PLACE, "文渊街道", "990102001", DISTRICT),
    ):
        establish = EstablishJurisdiction.model_validate(
            {"level": level, "name": name, "code": code, "parent": parent, "effective_from": SINCE}
        )
        record.carry_out(f"jurisdiction:{id}", establish, by=arbiter)
    for number, id in enumerate(COMMUNITIES):
        register = RegisterCommunity(
            name=f"花园{number}社区",
            code=f"990102001{number:03}",
            subdistrict=PLACE,
            effective_from=SINCE,
        )
        record.carry_out(f"community:{id}", register, by=arbiter)
    renamed = RenameCommunity(name="银杏社区", effective_from=date(2022, 1, 1), reason="更名")
    record.carry_out(f"community:{COMMUNITIES[0]}", renamed, by=arbiter)
    classify = ClassifyCommunity(type=policy.types[0].code, effective_from=date(2021, 3, 1))
    decider = of(policy.classification.may_classify[0])
    record.carry_out(f"community:{COMMUNITIES[1]}", classify, by=decider)


def stored(url: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(
            "select * from record.entries order by notification_id"
        ).fetchall()


def test_one_copy_is_the_record_itself(empty_record: Record, databases: Databases) -> None:
    a_small_city(empty_record)
    once = databases.new()
    mixture.write(mixture.read(empty_record.url), 1, empty_record.url, owned(once))
    assert stored(once) == stored(empty_record.url)


def test_many_copies_are_one_sound_record_that_every_projection_takes(
    empty_record: Record, databases: Databases
) -> None:
    a_small_city(empty_record)
    url = databases.new()
    count = mixture.write(mixture.read(empty_record.url), 3, empty_record.url, owned(url))
    check(url)
    with psycopg.connect(url) as connection:
        parked = connection.execute(
            "select projection, error from projections.progress where parked_at is not null"
        ).fetchall()
        found = connection.execute(
            "select count(distinct community) from projections.community_line"
        )
        assert (parked, found.fetchone()) == ([], (9,))
    own = 4  # founding: the record, the city, its code, the policy
    assert count == own + 3 * (len(stored(empty_record.url)) - own)
