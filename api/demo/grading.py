"""The demo's three rounds of grading and what follows each: told behind the years, in order."""

from itertools import pairwise

from api.demo import results, supports
from api.demo.chance import chance
from api.demo.chronicle import Chronicle
from api.demo.rounds import ROUNDS, Course

# What two years of support give to a community, as a share of full marks: most rise, not all.
LIFTS = (0.0, 0.03, 0.06, 0.1, 0.13, 0.16)


def grade(chronicle: Chronicle) -> None:
    """Round after round; who lags behind is supported until the next one."""
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
