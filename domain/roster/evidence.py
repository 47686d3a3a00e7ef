"""Why a finding is as it is, in words for the person who checks it."""

from datetime import date

from domain.kernel.text import Bilingual, Number


def same_code() -> Bilingual:
    """The row bears the code that the community bore: little, as codes are recycled."""
    return Bilingual(zh="代码相同", en="same code")


def same_code_similar(alike: float) -> Bilingual:
    """Same code, and names nearly alike."""
    return Bilingual(
        zh=f"代码相同，名称相近（{alike:.2f}）", en=f"same code, similar name ({alike:.2f})"
    )


def same_name(times_before: int, times_now: int) -> Bilingual:
    """The same name, and how often it occurs."""
    if times_before == times_now == 1:
        return Bilingual(zh="名称相同，全市唯一", en="same name, the only one of the city")
    return Bilingual(
        zh=f"名称相同（原有 {times_before} 处，名册有 {times_now} 处）",
        en=f"same name (on record {times_before} times, in the roster {times_now} times)",
    )


def same_core(core: str) -> Bilingual:
    """The names differ only in generic words, or in the subdistrict's own name."""
    return Bilingual(zh=f"专名相同：{core}", en=f"the same but for generic words: {core}")


def similar(alike: float) -> Bilingual:
    """Names somewhat alike."""
    return Bilingual(zh=f"名称相近（{alike:.2f}）", en=f"similar name ({alike:.2f})")


def other_district() -> Bilingual:
    """Old and new lie in different districts."""
    return Bilingual(zh="所属区县不同", en="in another district")


def same_subdistrict() -> Bilingual:
    """Old and new lie in the same subdistrict."""
    return Bilingual(zh="街道（镇）相同", en="in the same subdistrict")


def went_to(before: str, now: str, communities: int) -> Bilingual:
    """Communities of the old subdistrict went to the new one."""
    return Bilingual(
        zh=f"{before} 有 {communities} 个社区划入 {now}",
        en=f"{Number(communities):community|communities} of {before} went to {now}",
    )


def bore_code_before(code: str) -> Bilingual:
    """The code that somebody else bears now was this community's: it was recycled."""
    return Bilingual(zh=f"原代码 {code} 现属其他社区", en=f"its code {code} is another's now")


def stayed(share: float) -> Bilingual:
    """This share of a place's communities is still there."""
    return Bilingual(
        zh=f"{share:.0%} 的社区仍在其中", en=f"{share:.0%} of its communities are still there"
    )


def recorded_from(day: date) -> Bilingual:
    """A later roster put it on record; this one has it already."""
    return Bilingual(
        zh=f"原记载始于 {day}，应提前", en=f"on record only from {day}; it began earlier"
    )


def decided() -> Bilingual:
    """A person said so."""
    return Bilingual(zh="人工判定", en="decided by a person")


def no_candidate() -> Bilingual:
    """Nothing in the roster resembles it."""
    return Bilingual(zh="名册中无相应社区", en="nothing in the roster resembles it")


def nothing_before() -> Bilingual:
    """Nothing on record resembles it."""
    return Bilingual(zh="原记录中无相应社区", en="nothing on record resembles it")


def lineage_unknown() -> Bilingual:
    """Left undecided: told apart, to be joined later."""
    return Bilingual(zh="沿革不明，分别记载", en="lineage unknown; recorded apart")
