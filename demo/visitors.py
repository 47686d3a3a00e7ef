"""Who looks at the demo city: one person for each role, at each level, with a grant each.

Their accounts have a password that everybody knows, so they are for the demo only.
"""

from datetime import date
from typing import NamedTuple

from demo.chronicle import Chronicle
from demo.names import CITY_NAME
from demo.working_days import later
from domain.authority.granting import GrantAuthority
from domain.kernel.context import Acting, Actor, Authority, Role
from domain.kernel.ids import derive_id
from domain.person.registration import RegisterPerson
from domain.unit.registration import RegisterUnit

PASSWORD = "Anlan-2021 kanban"  # noqa: S105 - it is printed at each start, and good for nothing else
OFFICE = derive_id("demo", "visitors")
COMMUNITY = "idwtmoa2zniiu73p"  # it lasts to the end
SUBDISTRICT, DISTRICT = "科苑街道", "安澜高新区"
COME_ON = date(2021, 2, 1)


class Visitor(NamedTuple):
    """Somebody who signs in under the name of a role."""

    role: Role
    name: str

    @property
    def login(self) -> str:
        """The login."""
        return self.role

    @property
    def person(self) -> str:
        """The person's id."""
        return f"visitor.{self.role}"


VISITORS = (
    Visitor("arbiter", "参观者（市级裁定人）"),
    Visitor("decider", "参观者（区县决定人）"),
    Visitor("reviewer", "参观者（街道审核人）"),
    Visitor("recorder", "参观者（社区记录人）"),
    Visitor("auditor", "参观者（审计人）"),
    Visitor("steward", "参观者（授权管理人）"),
    Visitor("integrator", "参观者（接口程序）"),
)


def arrive(chronicle: Chronicle) -> None:
    """They are on record, with their grants, before the first two months are over."""
    city = chronicle.city
    arbiter = chronicle.by("arbiter", city, COME_ON)
    office = RegisterUnit(
        name=f"{CITY_NAME}社区治理展示中心",
        unit_kind="institution",
        jurisdiction=city,
        effective_from=COME_ON,
    )
    chronicle.note(COME_ON, f"unit:{OFFICE}", office, arbiter)
    places: dict[Role, str] = {
        "decider": next(each.id for each in chronicle.units.values() if each.name == DISTRICT),
        "reviewer": chronicle.place(SUBDISTRICT).id,
    }
    system = Acting(
        actor=Actor(person="annals", unit=city),
        authority=Authority(role="system", jurisdiction=city),
    )
    on = later(COME_ON, 2)
    for each in VISITORS:
        official = RegisterPerson(
            name=each.name, unit=OFFICE, title="参观者", effective_from=COME_ON
        )
        chronicle.note(later(COME_ON, 1), f"person:{each.person}", official, arbiter)
        in_community = each.role == "recorder"
        grant = GrantAuthority(
            role=each.role,
            jurisdiction=None if in_community else places.get(each.role, city),
            community=COMMUNITY if in_community else None,
            effective_from=on,
            reason="供参观者试用。",
        )
        chronicle.note(on, f"authority:{each.person}", grant, system)
