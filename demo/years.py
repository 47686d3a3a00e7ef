"""What happens in the demo city each year: surveys in spring, and the communities' stories."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from types import MappingProxyType

from demo import changes, mistakes, reorganisation
from demo.chance import chance
from demo.chronicle import Chronicle
from demo.communities import survey
from demo.reclassifications import Ending, reclassify
from demo.working_days import later, working_day
from domain.community.events import Proposer

SURVEYS_ON = (2, 21)  # month and day, after every year's Spring Festival
SURVEY_DAYS = 40
STORIES_FROM = (5, 20)

# What becomes of each year's proposals, and who makes those that no community makes itself.
Fate = tuple[Ending, Proposer]
FATES: Mapping[int, Sequence[Fate]] = MappingProxyType(
    {
        2021: (
            ("approved", "community"),
            ("rejected", "community"),
            ("approved", "subdistrict"),
        ),
        2022: (
            ("approved", "community"),
            ("revised", "community"),
            ("approved", "assessment"),
            ("withdrawn", "community"),
            ("approved", "subdistrict"),
            ("rejected", "subdistrict"),
        ),
        2023: (
            ("approved", "community"),
            ("approved", "assessment"),
            ("sent-back", "community"),
            ("approved", "subdistrict"),
            ("rejected", "assessment"),
            ("revised", "subdistrict"),
            ("approved", "community"),
        ),
        2024: (
            ("approved", "assessment"),
            ("approved", "community"),
            ("revised", "community"),
            ("approved", "subdistrict"),
            ("rejected", "community"),
            ("approved", "community"),
            ("sent-back", "assessment"),
        ),
        2025: (
            ("approved", "community"),
            ("approved", "assessment"),
            ("revised", "community"),
            ("approved", "subdistrict"),
            ("rejected", "community"),
            ("endorsed", "community"),
            ("waiting", "assessment"),
        ),
    }
)

# Where no proposal is under way, because the offices themselves change that year.
REORGANISED: Mapping[int, Sequence[str]] = MappingProxyType(
    {
        2021: (),
        2022: ("临港街道",),
        2023: ("老码头街道",),
        2024: ("石渡镇", "东渡街道"),
        2025: (),
    }
)


def live(chronicle: Chronicle) -> None:
    """Five years, one after another."""
    for year, stories in YEARS.items():
        if year != min(YEARS):
            _surveys(chronicle, year)
        _proposals(chronicle, year)
        stories(chronicle)


def _first(chronicle: Chronicle) -> None:
    mistakes.survey_with_a_digit_too_many(chronicle, "digit 2021", date(2021, 6, 8))
    changes.rename(chronicle, "renamed 2021", date(2021, 7, 1), date(2021, 7, 6))
    changes.convert_village(chronicle, chronicle.place("白鹤街道"), date(2021, 8, 2))
    # Put on record half a year late: back-dated, and visible as such.
    changes.rename(chronicle, "renamed late", date(2021, 9, 1), date(2022, 2, 17))
    changes.found_new(chronicle, chronicle.place("塔山街道"), date(2021, 9, 15))
    changes.merge(chronicle, "merged 2021", date(2021, 11, 1), date(2021, 11, 3))
    changes.describe_boundaries(chronicle, date(2021, 11, 9), 20)


def _second(chronicle: Chronicle) -> None:
    changes.rename(chronicle, "renamed 2022", date(2022, 6, 15), date(2022, 6, 17))
    reorganisation.establish_a_park(chronicle, date(2022, 6, 24))
    changes.split(chronicle, "split 2022", date(2022, 8, 9), survives=True)
    changes.convert_village(chronicle, chronicle.place("松柏街道"), date(2022, 9, 5))
    gone = changes.abolish(chronicle, "abolished 2022", date(2022, 10, 31), succeeded=True)
    mistakes.renamed_the_wrong_one(chronicle, date(2022, 11, 8))
    # The code that became free is another community's a month later: codes are recycled.
    place = chronicle.places[gone.place]
    changes.found_new(chronicle, place, date(2022, 12, 1), code=gone.code)
    changes.merge(chronicle, "merged 2022", date(2022, 12, 1), date(2022, 12, 6))
    changes.describe_boundaries(chronicle, date(2022, 11, 8), 20)


def _third(chronicle: Chronicle) -> None:
    reorganisation.dissolve_a_subdistrict(chronicle, date(2023, 6, 16), date(2023, 7, 1))
    mistakes.reclassified_without_publicity(chronicle, date(2023, 7, 4))
    mistakes.survey_with_a_digit_too_many(chronicle, "digit 2023", date(2023, 7, 11))
    mistakes.repealed_for_demolition(chronicle, date(2023, 8, 1), date(2024, 9, 3))
    changes.merge(chronicle, "merged 2023", date(2023, 9, 1), date(2023, 9, 4))
    gone = changes.abolish(chronicle, "abolished 2023", date(2023, 9, 28), succeeded=True)
    changes.rename(chronicle, "renamed 2023", date(2023, 10, 9), date(2023, 10, 9))
    place = chronicle.places[gone.place]
    changes.found_of_unknown_lineage(chronicle, place, date(2023, 10, 10), gone)
    # In force from the New Year, decided and recorded before.
    reorganisation.town_becomes_subdistrict(chronicle, date(2023, 12, 20), date(2024, 1, 1))
    changes.describe_boundaries(chronicle, date(2023, 11, 7), 20)


def _fourth(chronicle: Chronicle) -> None:
    changes.merge(chronicle, "merged 2024", date(2024, 6, 1), date(2024, 6, 4))
    changes.convert_village(chronicle, chronicle.place("砚山街道"), date(2024, 6, 3))
    changes.split(chronicle, "split 2024", date(2024, 7, 9), survives=False)
    changes.rename(chronicle, "renamed 2024", date(2024, 8, 1), date(2024, 8, 6))
    # A move that was put on record ten months after it took effect.
    moved_on, recorded_on = date(2024, 8, 1), date(2025, 5, 29)
    drum_tower = chronicle.place("鼓台街道")
    member = chronicle.pick("moved late", moved_on, lambda m: m.place == drum_tower.id)
    changes.move(chronicle, member, chronicle.place("文渊街道"), moved_on, recorded_on)
    reorganisation.county_becomes_district(chronicle, date(2024, 9, 12), date(2024, 10, 1))
    founded_on = date(2024, 11, 4)
    member = changes.found_new(chronicle, chronicle.place("永和街道"), founded_on)
    mistakes.founded_a_month_earlier(chronicle, member, founded_on, date(2024, 10, 8))
    changes.describe_boundaries(chronicle, date(2024, 11, 12), 20)


def _fifth(chronicle: Chronicle) -> None:
    changes.abolish(chronicle, "abolished 2025", date(2025, 6, 30), succeeded=False)
    changes.found_new(chronicle, chronicle.place("临港街道"), date(2025, 8, 4))
    changes.rename(chronicle, "renamed 2025", date(2025, 9, 1), date(2025, 9, 3))
    for number in range(4):
        _turn_unnoticed(chronicle, working_day(date(2025, 11, 10 + number)))
    # Decided already, in force only when the record's last day has passed.
    changes.rename(chronicle, "renamed 2026", date(2026, 3, 1), date(2025, 12, 18))
    changes.merge(chronicle, "merged 2026", date(2026, 1, 1), date(2025, 12, 23))
    changes.describe_boundaries(chronicle, date(2025, 10, 15), 20)


def _turn_unnoticed(chronicle: Chronicle, day: date) -> None:
    """The assessment sees what nobody has taken up yet."""
    member = chronicle.pick(f"turning/{day}", day)
    found = chronicle.figures.second(member.profile, member.type)
    after = chronicle.figures.turned(member.profile, found[0], chance("turning", member.id))
    source = f"{day.year}年第四季度网格入户核查"
    survey(chronicle, member, day, after or member.profile, source)


def _surveys(chronicle: Chronicle, year: int) -> None:
    """Each spring every community is surveyed: what changed since the year before is put down."""
    first = working_day(date(year, *SURVEYS_ON))
    for member in list(chronicle.members.values()):
        random = chance("yearly", year, member.id)
        surveyed_on = later(first, random.randrange(SURVEY_DAYS))
        found = chronicle.figures.drifted(member.profile, random)
        survey(chronicle, member, surveyed_on, found, f"{year}年度社区基础台账更新")


def _proposals(chronicle: Chronicle, year: int) -> None:
    """The year's proposals, each a fortnight after the one before."""
    first = working_day(date(year, *STORIES_FROM))
    for number, (ending, origin) in enumerate(FATES[year]):
        day = later(first, 9 * number)
        member = chronicle.pick(
            f"proposal/{year}/{number}",
            day,
            lambda m: chronicle.places[m.place].name not in REORGANISED[year],
        )
        reclassify(chronicle, member, day, ending, origin=origin)


YEARS: Mapping[int, Callable[[Chronicle], None]] = MappingProxyType(
    {2021: _first, 2022: _second, 2023: _third, 2024: _fourth, 2025: _fifth}
)
