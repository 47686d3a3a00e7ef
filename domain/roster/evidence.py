"""Why a finding is as it is, in words for the person who checks it."""

from datetime import date

from domain.kernel.text import Number, Words


def same_code() -> Words:
    """The row bears the code that the community bore: little, as codes are recycled."""
    return Words(zh="代码相同", en="same code")


def same_code_similar(alike: float) -> Words:
    """Same code, and names nearly alike."""
    return Words(
        zh=f"代码相同，名称相近（{alike:.2f}）", en=f"same code, similar name ({alike:.2f})"
    )


def same_name(times_before: int, times_now: int) -> Words:
    """The same name, and how often it occurs."""
    if times_before == times_now == 1:
        return Words(zh="名称相同，全市唯一", en="same name, the only one of the city")
    return Words(
        zh=f"名称相同（原有 {times_before} 处，名册有 {times_now} 处）",
        en=f"same name (on record {times_before} times, in the roster {times_now} times)",
    )


def same_core(core: str) -> Words:
    """The names differ only in generic words, or in the subdistrict's own name."""
    return Words(zh=f"专名相同：{core}", en=f"the same but for generic words: {core}")


def similar(alike: float) -> Words:
    """Names somewhat alike."""
    return Words(zh=f"名称相近（{alike:.2f}）", en=f"similar name ({alike:.2f})")


def other_district() -> Words:
    """Old and new lie in different districts."""
    return Words(zh="所属区县不同", en="in another district")


def same_subdistrict() -> Words:
    """Old and new lie in the same subdistrict."""
    return Words(zh="街道（镇）相同", en="in the same subdistrict")


def went_to(before: str, now: str, communities: int) -> Words:
    """Communities of the old subdistrict went to the new one."""
    return Words(
        zh=f"{before} 有 {communities} 个社区划入 {now}",
        en=f"{Number(communities):community|communities} of {before} went to {now}",
    )


def bore_code_before(code: str) -> Words:
    """The code that somebody else bears now was this community's: it was recycled."""
    return Words(zh=f"原代码 {code} 现属其他社区", en=f"its code {code} is another's now")


def stayed(share: float) -> Words:
    """This share of a place's communities is still there."""
    return Words(
        zh=f"{share:.0%} 的社区仍在其中", en=f"{share:.0%} of its communities are still there"
    )


def recorded_from(day: date) -> Words:
    """A later roster put it on record; this one has it already."""
    return Words(zh=f"原记载始于 {day}，应提前", en=f"on record only from {day}; it began earlier")


def decided() -> Words:
    """A person said so."""
    return Words(zh="人工判定", en="decided by a person")


def no_candidate() -> Words:
    """Nothing in the roster resembles it."""
    return Words(zh="名册中无相应社区", en="nothing in the roster resembles it")


def nothing_before() -> Words:
    """Nothing on record resembles it."""
    return Words(zh="原记录中无相应社区", en="nothing on record resembles it")


def lineage_unknown() -> Words:
    """Left undecided: told apart, to be joined later."""
    return Words(zh="沿革不明，分别记载", en="lineage unknown; recorded apart")
