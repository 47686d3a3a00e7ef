"""Building blocks for the stories: what can happen to a single community."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from demo.acts import Paper
from demo.chance import chance
from demo.chronicle import Chronicle, Member, Place
from demo.figures import Profile
from demo.working_days import later, working_day
from domain.classification.classification import ClassifyCommunity, SetFeatures, SetSubtype
from domain.community.identity import RegisterCommunity
from domain.community.profile import SurveyProfile
from domain.kernel.ids import derive_id
from domain.kernel.policy import CommunityType, IndicatorValue

FEATURED_SHARE = 0.2
NOTHING: Mapping[str, IndicatorValue] = MappingProxyType({})


def survey(
    chronicle: Chronicle, member: Member, surveyed_on: date, found: Profile, source: str
) -> Member:
    """A survey finds this; recorded some days later by the subdistrict, if anything is new."""
    news = {code: v for code, v in found.items() if member.profile.get(code) != v}
    if not news:
        return member
    days = chance("survey", member.id, surveyed_on).randint(1, 6)
    recorded_on = later(surveyed_on, days)
    command = SurveyProfile(surveyed_on=surveyed_on, indicators=news, source=source)
    by = chronicle.by("recorder", member.place, recorded_on)
    chronicle.note(recorded_on, member.stream, command, by)
    return chronicle.keep(member, profile=member.profile | news)


def classify(
    chronicle: Chronicle,
    member: Member,
    day: date,
    *,
    type: str | None = None,
    paper: Paper | None = None,
) -> None:
    """The unit classifies the community, with subtype and secondary features if there are any."""
    unit = chronicle.unit_of(member)
    by = chronicle.by(chronicle.policy.classification.may_classify, unit.id, day)
    paper = paper or chronicle.unit_paper(unit, f"关于划定{member.name}类型的通知", day)
    type = type or member.type
    reason = "依据社区基本情况调查，经分类评估、集体研究确定。"
    command = ClassifyCommunity(type=type, effective_from=day, reason=reason)
    chronicle.note(day, member.stream, command, by, paper)
    if type == member.type:
        characterise(chronicle, member, day, day, paper)


def characterise(
    chronicle: Chronicle, member: Member, day: date, effective_from: date, paper: Paper
) -> None:
    """Subtype and secondary features, where the policy has any."""
    by = chronicle.by(
        chronicle.policy.classification.may_classify, chronicle.unit_of(member).id, day
    )
    random = chance("characterise", member.id, day)
    if subtype := _subtype(chronicle.policy.community_type(member.type), member.profile):
        command = SetSubtype(subtype=subtype, effective_from=effective_from)
        chronicle.note(day, member.stream, command, by, paper)
    if chronicle.policy.features and random.random() < FEATURED_SHARE:
        feature = random.choice(chronicle.policy.features)
        features = SetFeatures(features=(feature.code,), effective_from=effective_from)
        chronicle.note(day, member.stream, features, by, paper)


def newcomer(
    chronicle: Chronicle,
    place: Place,
    type: str,
    since: date,
    *,
    code: str | None = None,
    given: Mapping[str, IndicatorValue] = NOTHING,
) -> Member:
    """A community that is to be registered: named and described as its type would have it."""
    code = code or chronicle.new_code(place)
    random = chance("newcomer", place.id, code, len(chronicle.members))
    profile = chronicle.figures.of_type(type, random, given)
    name = chronicle.new_name(profile)
    id = derive_id("demo", "community", code, name)
    member = Member(
        id=id, name=name, code=code, place=place.id, type=type, profile=profile, since=since
    )
    chronicle.members[id] = member
    return member


def registered(
    chronicle: Chronicle, member: Member, effective_from: date, reason: str, **fields: object
) -> None:
    """A new community is registered on the unit's decision, and described and classified later."""
    unit, place = chronicle.unit_of(member), chronicle.places[member.place]
    day = working_day(effective_from)
    paper = chronicle.unit_paper(unit, f"关于同意{place.name}设立{member.name}的批复", day)
    command = RegisterCommunity.model_validate(
        {
            "name": member.name,
            "code": member.code,
            "subdistrict": member.place,
            "effective_from": effective_from,
            "reason": reason,
            **fields,
        }
    )
    by = chronicle.by("recorder", member.place, day)
    chronicle.note(day, member.stream, command, by, paper)
    settled(chronicle, member, day)


def settled(chronicle: Chronicle, member: Member, day: date) -> None:
    """A community that was just registered is surveyed and classified within six weeks."""
    found, surveyed_on = member.profile, later(day, 8)
    classified_on = later(surveyed_on, 16)
    member = chronicle.keep(member, profile={}, since=classified_on)
    member = survey(chronicle, member, surveyed_on, found, "新设社区入户调查")
    classify(chronicle, member, classified_on)


def _subtype(type: CommunityType, profile: Mapping[str, IndicatorValue]) -> str | None:
    """The subtype that a yes-no indicator of its name says, else the first that none speaks of."""
    codes = [subtype.code for subtype in type.subtypes]
    found = [code for code in codes if profile.get(code) is True]
    return next(iter(found or [code for code in codes if code not in profile]), None)
