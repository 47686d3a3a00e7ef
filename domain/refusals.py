"""What the rules answer when they say no. A refusal is an answer to a person, never an error."""

from domain.words import Words


class Refused(Exception):
    """The command breaks a rule: its sentence says what is wrong and what to do next."""

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(en)
        self.words = Words(zh=zh, en=en)


class NotOnRecord(Refused):
    """What the command names was never recorded."""


class NotAuthorised(Refused):
    """The acting person's authority does not reach this far."""


class Conflict(Refused):
    """Somebody else recorded first: what the command rested on has changed meanwhile."""


class Stale(Refused):
    """The caller named a version that is no longer the newest."""

    def __init__(self, en: str, zh: str, *, stream: str, version: int) -> None:
        super().__init__(en, zh)
        self.stream = stream
        self.version = version


class CommandIdReused(Refused):
    """The same command id came with another command."""
