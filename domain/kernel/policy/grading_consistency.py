"""Whether the rules of grading in a policy file agree with each other."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise

from domain.kernel.policy.fault import Fault
from domain.kernel.policy.grading import Quota, Rounds, Rubric, Stage
from domain.kernel.refusal import Refused
from domain.kernel.text import Bilingual

_STAGE = Bilingual(zh="阶段", en="stage")
_TYPE = Bilingual(zh="社区类型", en="community type")
_GRADE = Bilingual(zh="等次", en="grade")


def unknown(path: str, what: Bilingual, code: str, known: Collection[str]) -> Fault:
    """That an entry names a code that the file does not have."""
    choice = Refused("policy-file.unknown-code", what=what, code=code, known=list(known))
    return Fault(path, choice)


def of_rounds(
    rounds: Rounds, stages: Sequence[Stage], types: Sequence[str], grades: Sequence[str]
) -> Iterator[Fault]:
    """What is inconsistent, given the codes of the policy's types and its grades, best first."""
    yield from _of_stages(rounds, stages)
    yield from _of_rubrics(rounds, stages, types)
    yield from _of_thresholds(rounds, grades)
    yield from _of_limits(rounds, grades)
    yield from _of_quotas(rounds.quotas, grades)


def _of_stages(rounds: Rounds, stages: Sequence[Stage]) -> Iterator[Fault]:
    acts = Counter(stage.acts for stage in stages)
    if stages[-1].acts != "grade" or acts["grade"] > 1:
        yield Fault("stages", Refused("policy-file.grading-not-last"))
    for act in ("appraise", "self-assess"):
        if acts[act] > 1:
            yield Fault("stages", Refused("policy-file.act-twice", act=act))
    units = Counter(stage.unit for stage in stages if stage.acts == "score")
    for unit, times in units.items():
        if times > 1:
            yield Fault("stages", Refused("policy-file.unit-scores-twice", unit=unit))
    codes = [stage.code for stage in stages]
    for number, code in enumerate(rounds.ties.stages, start=1):
        if code not in codes:
            yield unknown(f"rounds.ties.stages.{number}", _STAGE, code, codes)


def _of_rubrics(rounds: Rounds, stages: Sequence[Stage], types: Sequence[str]) -> Iterator[Fault]:
    scored = {stage.code: stage.acts for stage in stages if stage.acts != "grade"}
    found: Counter[tuple[str, str | None]] = Counter()
    for number, rubric in enumerate(rounds.rubrics, start=1):
        path = f"rounds.rubrics.{number}"
        if rubric.stage not in scored:
            yield unknown(f"{path}.stage", _STAGE, rubric.stage, scored)
        elif scored[rubric.stage] == "appraise" and rubric.items:
            yield Fault(f"{path}.items", Refused("policy-file.votes-have-items"))
        elif scored[rubric.stage] != "appraise" and not rubric.items:
            yield Fault(f"{path}.items", Refused("policy-file.no-items"))
        for place, code in enumerate(rubric.types, start=1):
            if code not in types:
                yield unknown(f"{path}.types.{place}", _TYPE, code, types)
        for each in rubric.types or (None,):
            if found[rubric.stage, each]:
                what = Refused("policy-file.rubric-twice", stage=rubric.stage, type=each)
                yield Fault(path, what)
            found[rubric.stage, each] += 1
    for each in sorted(types):
        lacking = [s for s in scored if (s, each) not in found and (s, None) not in found]
        for stage in lacking:
            what = Refused("policy-file.rubric-lacking", stage=stage, type=each)
            yield Fault("rounds.rubrics", what)
        if not lacking and not any(_weight(rounds.rubrics, s, each) for s in scored):
            what = Refused("policy-file.rubrics-weigh-nothing", type=each)
            yield Fault("rounds.rubrics", what)


def _weight(rubrics: Sequence[Rubric], stage: str, type: str) -> int:
    of_stage = [rubric for rubric in rubrics if rubric.stage == stage]
    own = [rubric.weight for rubric in of_stage if type in rubric.types]
    return (own or [rubric.weight for rubric in of_stage if not rubric.types])[0]


def _of_thresholds(rounds: Rounds, grades: Sequence[str]) -> Iterator[Fault]:
    if [each.grade for each in rounds.thresholds] != list(grades[:-1]):
        what = Refused("policy-file.thresholds-not-all", grades=list(grades[:-1]))
        yield Fault("rounds.thresholds", what)
    for better, worse in pairwise(rounds.thresholds):
        if worse.score_min >= better.score_min:
            what = Refused("policy-file.thresholds-not-falling", better=better.grade)
            yield Fault(f"rounds.thresholds.{worse.grade}", what)


def _of_limits(rounds: Rounds, grades: Sequence[str]) -> Iterator[Fault]:
    named = [(f"rounds.caps.{cap.code}", cap.grade) for cap in rounds.caps]
    for path, code in [*named, *((f"rounds.vetoes.{v.code}", v.grade) for v in rounds.vetoes)]:
        if code not in grades:
            yield unknown(f"{path}.grade", _GRADE, code, grades)
    for cap in rounds.caps:
        items = [r.items for r in rounds.rubrics if r.stage == cap.stage]
        lacks = any(cap.item not in {item.code for item in each} for each in items)
        if not items or (cap.item is not None and lacks):
            what = Refused("policy-file.cap-of-nothing", stage=cap.stage, item=cap.item)
            yield Fault(f"rounds.caps.{cap.code}", what)


def _of_quotas(quotas: Sequence[Quota], grades: Sequence[str]) -> Iterator[Fault]:
    bound = [quota for quota in quotas if quota.bound != "none"]
    for number, quota in enumerate(quotas, start=1):
        if quota.grade not in (grades[0], grades[-1]):
            what = Refused("policy-file.quota-of-middle", best=grades[0], worst=grades[-1])
            yield Fault(f"rounds.quotas.{number}.grade", what)
    if len({quota.grade for quota in quotas}) < len(quotas):
        yield Fault("rounds.quotas", Refused("policy-file.quota-twice"))
    if bound and len(grades) < 3:
        yield Fault("rounds.quotas", Refused("policy-file.quotas-need-middle"))
    if len({quota.per for quota in bound}) > 1:
        yield Fault("rounds.quotas", Refused("policy-file.quotas-of-two-kinds"))
    if [quota.bound for quota in bound].count("floor") > 1:
        yield Fault("rounds.quotas", Refused("policy-file.two-floors"))
