"""What is wrong in a policy file: each fault with its path, as a code with its sentences."""

from collections.abc import Sequence
from typing import NamedTuple

from domain.kernel.refusal import Refused


class Fault(NamedTuple):
    """One fault. `path` is where, as a reader would write it: `stages.appraisal.may_act`; empty
    for the file as a whole."""

    path: str
    what: Refused


class PolicyFileWrong(Refused):
    """The file is no policy. It has all faults that were found."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        first = faults[0]
        super().__init__(
            "policy-file.wrong",
            path=first.path or None,
            first=first.what,
            more=len(faults) - 1 or None,
        )
        self.faults = tuple(faults)
