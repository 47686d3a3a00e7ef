"""What the rules answer when they say no. A refusal is an answer to a person, never an error."""

from collections.abc import Sequence

from domain.kernel.text import Bilingual

REASONS_MAX = 50


class Refused(Exception):
    """The command breaks a rule: its sentence says what is wrong and what to do next.

    A place whose name the rule does not know is written `community:ID`, `jurisdiction:ID`, or
    `unit:ID` for whoever acts; whoever shows the sentence puts its name there.
    """

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(en)
        self.words = Bilingual(zh=zh, en=en)


class NotOnRecord(Refused):
    """What the command names was never recorded."""


class NotAuthorised(Refused):
    """The acting person's authority does not reach this far.

    `roles` are those that may, where it is for want of one.
    """

    roles: tuple[str, ...] = ()


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


def refused_for(en: str, zh: str, reasons: Sequence[Bilingual]) -> Refused:
    """A refusal for several reasons at once: all of them, or the first fifty and how many more.

    `en` and `zh` are whole sentences; each reason is a clause without a full stop.
    """
    more = len(reasons) - REASONS_MAX
    shown = reasons[:REASONS_MAX]
    return Refused(
        f"{en} {'; '.join(each.en for each in shown)}{f'; and {more} more' if more > 0 else ''}.",
        f"{zh}{'；'.join(each.zh for each in shown)}{f'；另有 {more} 项' if more > 0 else ''}。",
    )


def clause(refusal: Refused) -> Bilingual:
    """A refusal's sentence without its full stop, as one of several reasons."""
    return Bilingual(zh=refusal.words.zh.rstrip("。"), en=refusal.words.en.rstrip("."))
