"""Ranks a round's communities within their types, grades them, and explains each result.

Pure: it depends on the round's rules only, not on the order of the communities. It decides
nothing; the city does, by grading.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from typing import Literal

from domain.kernel.policy.grading import Bound, Per
from domain.round.plan import Mark, Plan, QuotaRule


@dataclass(frozen=True)
class Candidate:
    """A community with its mark in each stage and the vetoes against it."""

    community: str
    type: str
    unit: str
    marks: Mapping[str, Mark]
    vetoes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StageShare:
    """The share of a stage: its score in per cent, as shown, and its weight."""

    stage: str
    percent: Decimal
    weight: int


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit on the grade: a cap or a veto, with the score that fell short of the
    cap's limit."""

    kind: Literal["cap", "veto"]
    code: str
    grade: str
    percent: Decimal | None = None
    below_percent: Decimal | None = None


@dataclass(frozen=True, slots=True)
class QuotaEffect:
    """A quota that changed the grade: it allows, or requires, `places` of `of` communities."""

    grade: str
    bound: Bound
    per: Per
    places: int
    of: int


@dataclass(frozen=True, kw_only=True)
class Placing:
    """The place of a community within its type, its grade, and the explanation.

    `deserved` is the grade by the total alone; `limits` and `quota` say what changed it. `tied`
    are those of its type with the same total; `decided_by` are the stages that decided between
    them, and `shares_with` are those with the same rank.
    """

    community: str
    type: str
    unit: str
    stages: tuple[StageShare, ...]
    total: Decimal
    rank: int
    of: int
    tied: tuple[str, ...] = ()
    decided_by: tuple[str, ...] = ()
    shares_with: tuple[str, ...] = ()
    deserved: str
    limits: tuple[Limit, ...] = ()
    quota: QuotaEffect | None = None
    grade: str


Order = tuple[Decimal, ...]  # the total, then the stages that decide ties; higher is better


@dataclass(frozen=True)
class _Weighed:
    candidate: Candidate
    shares: tuple[StageShare, ...]
    order: Order
    deserved: int
    limits: tuple[Limit, ...]
    best: int  # the best grade that the limits leave


@dataclass(frozen=True)
class _Graded:
    weighed: _Weighed
    place: int
    quota: QuotaEffect | None = None


def rank(plan: Plan, candidates: Iterable[Candidate]) -> tuple[Placing, ...]:
    """All communities with rank and grade, by type and rank, equal ones by id.

    Every candidate has a mark for every scored stage.
    """
    weighed = sorted(
        (_weigh(plan, each) for each in candidates), key=lambda w: w.candidate.community
    )
    graded = {g.weighed.candidate.community: g for g in _graded(plan, weighed)}
    placings = [
        placing
        for of_type in _apart(weighed, lambda w: w.candidate.type)
        for placing in _placings(plan, of_type, graded)
    ]
    return tuple(sorted(placings, key=lambda p: (p.type, p.rank, p.community)))


def rounded(value: Fraction, places: int) -> Decimal:
    """The value rounded half up to a number of decimal places: exact, never through a float."""
    scale = 10**places
    return Decimal(
        (2 * value.numerator * scale + value.denominator) // (2 * value.denominator)
    ).scaleb(-places)


def _weigh(plan: Plan, candidate: Candidate) -> _Weighed:
    places = plan.rules.score_places
    weights = {s.stage: plan.rubric(s.stage, candidate.type).weight for s in plan.scored}
    won = sum((candidate.marks[stage].percent * w for stage, w in weights.items()), Fraction())
    total = rounded(won / sum(weights.values()), places)
    shares = tuple(
        StageShare(stage, rounded(candidate.marks[stage].percent, places), weight)
        for stage, weight in weights.items()
    )
    by_stage = {share.stage: share.percent for share in shares}
    limits = tuple(_limits(plan, candidate))
    deserved = next(
        place
        for place, grade in enumerate(plan.rules.grades)
        if grade.score_min is None or total >= grade.score_min
    )
    return _Weighed(
        candidate,
        shares,
        (total, *(by_stage[stage] for stage in plan.rules.ties if stage in by_stage)),
        deserved,
        limits,
        max((plan.grade_place(limit.grade) for limit in limits), default=0),
    )


def _limits(plan: Plan, candidate: Candidate) -> Iterator[Limit]:
    for cap in plan.rules.caps:
        mark = candidate.marks[cap.stage]
        percent = mark.percent if cap.item is None else mark.items[cap.item]
        if percent < cap.below_percent:
            shown = rounded(percent, plan.rules.score_places)
            yield Limit("cap", cap.cap, cap.grade, shown, cap.below_percent)
    for veto in plan.rules.vetoes:
        if veto.veto in candidate.vetoes:
            yield Limit("veto", veto.veto, veto.grade)


def _graded(plan: Plan, weighed: Sequence[_Weighed]) -> Iterator[_Graded]:
    quotas = {plan.grade_place(quota.grade): quota for quota in plan.rules.quotas}
    per_unit = any(quota.per == "unit" for quota in quotas.values())
    worst = len(plan.rules.grades) - 1
    for group in _apart(weighed, lambda w: w.candidate.unit if per_unit else w.candidate.type):
        of = len(group)
        best, rest = _of_best(group, quotas.get(0), quotas.get(worst))
        yield from best
        yield from _of_worst(rest, quotas.get(worst), worst, of)


def quota_places(quota: QuotaRule, of: int) -> int:
    """The whole places of a share; a ceiling leaves one in a group that is too small for any."""
    places = int(of * quota.percent // 100)
    return max(places, 1) if quota.bound == "ceiling" and quota.percent else places


def _of_best(
    group: Sequence[_Weighed], quota: QuotaRule | None, of_worst: QuotaRule | None
) -> tuple[list[_Graded], list[_Graded]]:
    """The communities that get the best grade, and the others with the grade that they get instead.

    The worst grade's floor limits the room. A group of equals that does not fit
    under a ceiling is left out as a whole, and is included as a whole if a floor needs one of it.
    """
    of = len(group)
    least, most, effect = 0, of, _effect(quota, of)
    if of_worst and of_worst.bound == "floor":
        most = of - quota_places(of_worst, of)
        effect = effect or _effect(of_worst, of)
    if quota and quota.bound == "ceiling":
        most = min(most, quota_places(quota, of))
    elif quota:
        least = quota_places(quota, of)
    taken: set[str] = set()
    for equals in _best_first(each for each in group if each.best == 0):
        fits = equals[0].deserved == 0 and len(taken) + len(equals) <= most
        if len(taken) >= least and not fits:
            break
        taken |= {each.candidate.community for each in equals}
    best, rest = [], []
    for each in group:
        if each.candidate.community in taken:
            best.append(_Graded(each, 0, effect if each.deserved else None))
        else:
            kept_out = each.best == each.deserved == 0
            place = max(each.deserved, each.best, 1)
            rest.append(_Graded(each, place, effect if kept_out else None))
    return best, rest


def _effect(quota: QuotaRule | None, of: int) -> QuotaEffect | None:
    if quota is None:
        return None
    return QuotaEffect(quota.grade, quota.bound, quota.per, quota_places(quota, of), of)


def _of_worst(
    rest: Sequence[_Graded], quota: QuotaRule | None, worst: int, of: int
) -> Iterator[_Graded]:
    """The others after the worst grade's quota. A veto takes precedence over its ceiling."""
    if quota is None:
        yield from rest
        return
    places = quota_places(quota, of)
    effect = _effect(quota, of)
    by_id = {each.weighed.candidate.community: each for each in rest}
    lowest = {id for id, each in by_id.items() if each.place == worst}
    before = frozenset(lowest)
    groups = list(_best_first([each.weighed for each in rest]))
    if quota.bound == "floor":
        for equals in reversed(groups):
            if len(lowest) >= places:
                break
            lowest |= {each.candidate.community for each in equals}
    else:
        held = {id for id in lowest if by_id[id].weighed.best == worst}
        lowest = set(held)
        for equals in reversed(groups):
            more = {each.candidate.community for each in equals} & before - held
            if len(lowest) + len(more) > places:
                break
            lowest |= more
    for id, each in by_id.items():
        if (id in lowest) == (id in before):
            yield each
        else:
            place = worst if id in lowest else max(worst - 1, each.weighed.best)
            yield replace(each, place=place, quota=effect)


def _best_first(weighed: Iterable[_Weighed]) -> Iterator[list[_Weighed]]:
    """Groups of equal communities, the best first."""
    ordered = sorted(weighed, key=lambda w: w.order, reverse=True)
    return (list(equals) for _, equals in groupby(ordered, key=lambda w: w.order))


def _apart(
    weighed: Iterable[_Weighed], key: Callable[[_Weighed], Hashable]
) -> Iterator[list[_Weighed]]:
    """The communities by type, or by unit."""
    groups: dict[Hashable, list[_Weighed]] = {}
    for each in weighed:
        groups.setdefault(key(each), []).append(each)
    return iter(groups.values())


def _placings(
    plan: Plan, of_type: Sequence[_Weighed], graded: Mapping[str, _Graded]
) -> Iterator[Placing]:
    ranks: dict[Order, int] = {}
    totals: dict[Decimal, list[_Weighed]] = {}
    for place, each in enumerate(sorted(of_type, key=lambda w: w.order, reverse=True), start=1):
        ranks.setdefault(each.order, place)
        totals.setdefault(each.order[0], []).append(each)
    grades = [grade.grade for grade in plan.rules.grades]
    for each in of_type:
        own = graded[each.candidate.community]
        tied = [other for other in totals[each.order[0]] if other is not each]
        tied.sort(key=lambda w: w.candidate.community)
        yield Placing(
            community=each.candidate.community,
            type=each.candidate.type,
            unit=each.candidate.unit,
            stages=each.shares,
            total=each.order[0],
            rank=ranks[each.order],
            of=len(of_type),
            tied=tuple(other.candidate.community for other in tied),
            decided_by=_deciding(plan, each, tied),
            shares_with=tuple(o.candidate.community for o in tied if o.order == each.order),
            deserved=grades[each.deserved],
            limits=each.limits,
            quota=own.quota,
            grade=grades[own.place],
        )


def _deciding(plan: Plan, own: _Weighed, tied: Iterable[_Weighed]) -> tuple[str, ...]:
    """The stages that decide between a community and others with the same total."""
    compared = [stage for stage in plan.rules.ties if stage in {s.stage for s in own.shares}]
    places = {
        next(i for i, (a, b) in enumerate(zip(own.order, each.order, strict=True)) if a != b)
        for each in tied
        if each.order != own.order
    }
    return tuple(compared[place - 1] for place in sorted(places))
