"""The bodies of subdistricts and communities that sit in councils: police stations, residents'
committees. None is a real one; each is on the register of units before it is named."""

from collections.abc import Mapping
from datetime import date

from demo.chronicle import Body, Chronicle, Member, Place
from domain.kernel.ids import derive_id

# What each subdistrict has, with the kinds of the units.
_OF_PLACE: Mapping[str, str] = {
    "{short}派出所": "government-office",
    "{short}社区卫生服务中心": "institution",
    "{short}市场监督管理所": "government-office",
    "{short}司法所": "government-office",
}
# What each community has.
_OF_COMMUNITY: Mapping[str, str] = {
    "党组织": "party-office",
    "居委会": "residents-committee",
    "业委会": "owners-committee",
    "物业服务机构": "property-company",
}


def of_place(place: Place, day: date) -> list[Body]:
    """The bodies of a subdistrict or town."""
    short = place.name[:-2]
    return [Body(p.format(short=short), kind, place.id, day) for p, kind in _OF_PLACE.items()]


def of_community(member: Member, what: str, day: date) -> Body:
    """The body of a community that is called so."""
    what = what.removeprefix("社区")
    return Body(f"{member.name}{what}", _OF_COMMUNITY[what], member.place, day)


def seated(chronicle: Chronicle, body: Body) -> str:
    """The id of a body, which has to be on record by its day."""
    id = derive_id("demo", "body", body.place, body.name)
    known = chronicle.bodies.setdefault(id, body)
    chronicle.bodies[id] = known._replace(by=min(known.by, body.by))
    return id
