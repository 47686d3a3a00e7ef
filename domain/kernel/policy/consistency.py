"""Whether the entries of a policy file agree with each other, once each is right by itself."""

from collections.abc import Iterable, Iterator

from pydantic import BaseModel

from domain.kernel.policy.fault import Fault
from domain.kernel.policy.grading_consistency import of_rounds, unknown
from domain.kernel.policy.policy import Policy
from domain.kernel.policy.term import Titled
from domain.kernel.refusal import Refused
from domain.kernel.roles import ROLES
from domain.kernel.text import Bilingual

_TYPE = Bilingual(zh="社区类型", en="community type")
_GRADE = Bilingual(zh="等次", en="grade")
_ROLE = Bilingual(zh="职责", en="role")
_INDICATOR = Bilingual(zh="指标", en="indicator")


def contradictions(policy: Policy) -> Iterator[Fault]:
    """Everything that contradicts something else, in the order of the file's parts."""
    yield from _codes_given_twice(policy)
    if [each.number for each in policy.types] != list(range(1, len(policy.types) + 1)):
        yield Fault("types", Refused("policy-file.types-not-numbered"))
    yield from _of_roles(policy)
    yield from _of_references(policy)
    types, grades = ([each.code for each in of] for of in (policy.types, policy.grades))
    yield from of_rounds(policy.rounds, policy.stages, types, grades)
    yield from _of_rules(policy)


def _of_roles(policy: Policy) -> Iterator[Fault]:
    """Roles that nobody can have: whoever is meant could not act."""
    for role in policy.roles:
        if role.code not in ROLES:
            yield unknown(f"roles.{role.code}", _ROLE, role.code, ROLES)
    for path, roles in _role_lists(policy, ()):
        for number, role_code in enumerate(roles, start=1):
            if role_code not in ROLES:
                yield unknown(f"{'.'.join(path)}.{number}", _ROLE, role_code, ROLES)


def _role_lists(
    part: BaseModel, path: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    for name, value in part:
        if name.startswith("may_"):
            yield (*path, name), value
        elif isinstance(value, BaseModel):
            yield from _role_lists(value, (*path, name))
        elif isinstance(value, tuple):
            for number, each in enumerate(value, start=1):
                if isinstance(each, BaseModel):
                    step = each.code if isinstance(each, Titled) else str(number)
                    yield from _role_lists(each, (*path, name, step))


def _of_references(policy: Policy) -> Iterator[Fault]:
    grades = [grade.code for grade in policy.grades]
    for support in policy.supports:
        if support.by_grade is not None and support.by_grade not in grades:
            yield unknown(f"supports.{support.code}.by_grade", _GRADE, support.by_grade, grades)
    types = [each.code for each in policy.types]
    for council in policy.councils:
        for number, code in enumerate(council.types, start=1):
            if code not in types:
                yield unknown(f"councils.{council.code}.types.{number}", _TYPE, code, types)


def _of_rules(policy: Policy) -> Iterator[Fault]:
    indicators = {indicator.code: indicator for indicator in policy.indicators}
    for each in policy.types:
        seen = set()
        for number, rule in enumerate(each.rules, start=1):
            path = f"types.{each.code}.rules.{number}"
            condition = (rule.indicator, rule.operator, rule.threshold)
            if (indicator := indicators.get(rule.indicator)) is None:
                yield unknown(f"{path}.indicator", _INDICATOR, rule.indicator, indicators)
            elif misfit := rule.misfit(indicator):
                yield Fault(path, misfit)
            elif condition in seen:
                what = Refused("policy-file.condition-twice", indicator=rule.indicator)
                yield Fault(path, what)
            seen.add(condition)


def _codes_given_twice(policy: Policy) -> Iterator[Fault]:
    lists: list[tuple[str, Iterable[Titled]]] = [
        ("roles", policy.roles),
        ("types", policy.types),
        ("features", policy.features),
        ("types.measures", (m for each in policy.types for m in each.measures)),
        ("types.measures.actions", policy.actions),
        ("indicators", policy.indicators),
        ("stages", policy.stages),
        ("grades", policy.grades),
        ("supports", policy.supports),
        ("programme.focuses", policy.programme.focuses),
        ("rounds.assemblies", policy.rounds.assemblies),
        ("rounds.ballots", policy.rounds.ballots),
        ("rounds.caps", policy.rounds.caps),
        ("rounds.vetoes", policy.rounds.vetoes),
        *(
            (f"rounds.rubrics.{number}.items", each.items)
            for number, each in enumerate(policy.rounds.rubrics, start=1)
        ),
        ("councils", policy.councils),
        ("units.kinds", policy.units.kinds),
        ("partnerships.ratings", policy.partnerships.ratings),
        ("partnerships.facilities", policy.partnerships.facilities),
        ("checkins.opinions", policy.checkins.opinions),
        ("exemplars.criteria", policy.exemplars.criteria),
        ("honours.titles", policy.honours.titles),
        ("honours.boards", policy.honours.boards),
        ("milestones", policy.milestones),
        *((f"types.{each.code}.subtypes", each.subtypes) for each in policy.types),
    ]
    for path, entries in lists:
        seen: set[str] = set()
        for entry in entries:
            if entry.code in seen:
                yield Fault(f"{path}.{entry.code}", Refused("policy-file.code-twice"))
            seen.add(entry.code)
