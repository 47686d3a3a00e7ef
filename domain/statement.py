"""The very same is not recorded twice of one subject: two people may have entered one paper."""

from collections.abc import Iterable
from typing import Any

from domain.refusals import Refused
from domain.subject import Subject


def require_unsaid(state: Subject, said: Iterable[tuple[int, Any]], statement: Any) -> None:
    """Refused when an entry says the very same; `said` is what stands of it, each by its entry."""
    at = next((version for version, each in said if each == statement), None)
    if at is not None:
        raise Refused(
            f"The very same stands in entry {at} of {state.called.en} already: there is nothing "
            "to record. If something else is meant, say how it differs.",
            f"{state.called.zh}第 {at} 条已有完全相同的有效记载，无需重复记录；"
            "如系另一事项，请写明其不同之处。",
        )
