"""The demo city's story from the first day to the last: the order of its parts.

The order matters. The changes of communities come first: every later part follows each
community through its changes of name, place and type, until it ends.
"""

from itertools import pairwise

from demo import (
    checkins,
    councils,
    exemplars,
    honours,
    measures,
    offices,
    own_tasks,
    partnerships,
    programmes,
    results,
    supports,
    visitors,
    years,
)
from demo.beginning import begin
from demo.chance import chance
from demo.chronicle import Chronicle
from demo.rounds import ROUNDS, Course
from domain.kernel.policy import Policy

# What two years of support give to a community, as a share of full marks: most rise, not all.
LIFTS = (0.0, 0.03, 0.06, 0.1, 0.13, 0.16)


def tell(policy: Policy) -> Chronicle:
    """All acts of the city's offices in five years, by the policy under which it begins."""
    chronicle = begin(policy)
    visitors.arrive(chronicle)
    years.live(chronicle)
    _grade(chronicle)
    partnerships.live(chronicle)
    checkins.live(chronicle)
    exemplars.live(chronicle)
    honours.live(chronicle)
    councils.meet(chronicle)
    measures.pursue(chronicle)
    programmes.carry_out(chronicle)
    own_tasks.give(chronicle)
    offices.register(chronicle)
    return chronicle


def _grade(chronicle: Chronicle) -> None:
    """Round after round; communities that lag behind are supported until the next one."""
    lifts: dict[str, float] = {}
    courses = []
    for year, dates in ROUNDS.items():
        course = Course(chronicle, year, dates, dict(lifts))
        wrong = results.prepare(course)
        course.tell_until_grading()
        results.tell(course, wrong)
        for id in course.supported:
            lifts[id] = lifts.get(id, 0.0) + chance("lift", id, year).choice(LIFTS)
        results.correct_later(course)
        courses.append(course)
    for course, following in pairwise(courses):
        supports.support(course, following)
