from typing import Any

from domain.authority.granting import GrantAuthority, RevokeAuthority
from domain.person.registration import RegisterPerson
from domain.unit.registration import RegisterUnit
from projections import authorities
from projections.authorities import AuthorityView, Filter
from record.store.record import Record
from tests.city import CITY, SUBDISTRICT, acting
from tests.domain.given import day
from tests.projections.work import Do


def people(do: Do) -> None:
    bureau = RegisterUnit(
        name="住建局",
        unit_kind="government-office",
        jurisdiction=CITY,
        effective_from=day("2019-01-01"),
    )
    do("unit:u1", bureau, "arbiter")
    for id, name in (("wang", "王磊"), ("chen", "陈华")):
        post = RegisterPerson(name=name, unit="u1", title="科员", effective_from=day("2020-01-01"))
        do(f"person:{id}", post, "arbiter")


def test_grants_are_shown_while_they_hold_and_revoked_ones_as_known_before(
    record: Record, do: Do, show: Any
) -> None:
    people(do)
    steward = acting("steward", "song", CITY)
    today = record.today()
    grant = GrantAuthority(role="reviewer", jurisdiction=SUBDISTRICT, effective_from=today)
    record.carry_out("authority:wang", grant, by=steward)
    for_a = GrantAuthority(role="recorder", community="a", effective_from=today)
    before = record.carry_out("authority:chen", for_a, by=steward).last_position

    def seen(**asked: Any) -> list[tuple[str, str, str | None]]:
        found: list[AuthorityView] = show(authorities.authorities, effective=today, **asked)
        return [
            (each.person, each.role, each.community_name or each.jurisdiction_name)
            for each in found
        ]

    both = [("chen", "recorder", "甲社区"), ("wang", "reviewer", "城厢街道")]
    assert seen() == both
    assert seen(where=Filter(jurisdiction=SUBDISTRICT)) == both[1:]
    assert seen(where=Filter(community="a")) == both[:1]
    assert seen(where=Filter(person="wang", role="decider")) == []
    (chens,) = show(authorities.authorities, effective=today, where=Filter(person="chen"))
    revoke = RevokeAuthority(grant=chens.grant, reason="调离")
    record.carry_out("authority:chen", revoke, by=steward)
    assert seen() == both[1:]
    assert seen(known=before) == both
    assert show(authorities.authorities, effective=day("2020-01-01")) == []
