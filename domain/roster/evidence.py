"""The reasons for a finding, in words for the person who checks it."""

from datetime import date

from domain.kernel.text import Bilingual, Number


def same_code() -> Bilingual:
    """The row has the code that the community had. Weak evidence, as codes are recycled."""
    return Bilingual(zh="代码相同", en="same code")


def same_code_similar(alike: float) -> Bilingual:
    """The same code, and similar names."""
    return Bilingual(
        zh=f"代码相同，名称相近（{alike:.2f}）", en=f"same code, similar name ({alike:.2f})"
    )


def same_name(times_before: int, times_now: int) -> Bilingual:
    """The same name, with how often it occurs."""
    if times_before == times_now == 1:
        return Bilingual(zh="名称相同，全市唯一", en="same name, the only one of the city")
    return Bilingual(
        zh=f"名称相同（原有 {times_before} 处，名册有 {times_now} 处）",
        en=f"same name (on record {times_before} times, in the roster {times_now} times)",
    )


def same_core(core: str) -> Bilingual:
    """The names differ only in generic words or in the subdistrict's name."""
    return Bilingual(zh=f"专名相同：{core}", en=f"the same except for generic words: {core}")


def similar(alike: float) -> Bilingual:
    """Similar names."""
    return Bilingual(zh=f"名称相近（{alike:.2f}）", en=f"similar name ({alike:.2f})")


def other_district() -> Bilingual:
    """The two are in different districts."""
    return Bilingual(zh="所属区县不同", en="in another district")


def same_subdistrict() -> Bilingual:
    """The two are in the same subdistrict."""
    return Bilingual(zh="街道（镇）相同", en="in the same subdistrict")


def went_to(before: str, now: str, communities: int) -> Bilingual:
    """Communities moved from the old subdistrict to the new one."""
    return Bilingual(
        zh=f"{before} 有 {communities} 个社区划入 {now}",
        en=f"{Number(communities):community|communities} of {before} went to {now}",
    )


def stayed(share: float) -> Bilingual:
    """This share of a place's communities is still there."""
    return Bilingual(
        zh=f"{share:.0%} 的社区仍在其中", en=f"{share:.0%} of its communities are still there"
    )


def recorded_from(day: date) -> Bilingual:
    """A later roster put it on record, and this earlier one also lists it."""
    return Bilingual(
        zh=f"原记载始于 {day}，应提前", en=f"on record only from {day}; it began earlier"
    )


def decided() -> Bilingual:
    """A person decided so."""
    return Bilingual(zh="人工判定", en="decided by a person")


def no_candidate() -> Bilingual:
    """The roster has nothing similar."""
    return Bilingual(zh="名册中无相应社区", en="nothing similar in the roster")


def nothing_before() -> Bilingual:
    """The register has nothing similar."""
    return Bilingual(zh="原记录中无相应社区", en="nothing similar on record")


def lineage_unknown() -> Bilingual:
    """Left undecided: recorded as separate, to be joined later."""
    return Bilingual(zh="沿革不明，分别记载", en="lineage unknown; recorded separately")
