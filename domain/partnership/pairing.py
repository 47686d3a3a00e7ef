"""Which partnerships one community, or subdistrict, has with one unit: no two hold on one day.

A reservation like that of a code (ADR 3): the stream leads whoever signs, renews or corrects an
agreement to the others of the same two partners. It says nothing new about an agreement.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, Self, assert_never, cast
from unicodedata import normalize

from domain.credit_code import CreditCode
from domain.event import Event, On
from domain.ids import Id, Title, mint
from domain.occasion import Occasion
from domain.refusals import Refused
from domain.subject import Subject, changed
from domain.words import Words

if TYPE_CHECKING:
    from domain.partnership.state import Partnership


class PartnersPaired(Event):
    """The partnership is one of these two partners. Recorded behind its signing or correction."""

    sentence = Words(
        zh="登记与{unit_name}之间的一份共建协议；同一日不得另有一份。",
        en="A partnership with {unit_name} is noted; no other with it may hold on the same days.",
    )

    partnership: Id
    place: Id  # the community, or the subdistrict
    unit_name: Title
    unit_code: CreditCode | None = None


PairingEvent = PartnersPaired


@dataclass(frozen=True, kw_only=True)
class Pairing(Subject):
    """Two partners, whether the unit is known by its code or by its name."""

    kind: ClassVar[str] = "pairing"

    partnerships: tuple[str, ...] = ()

    def evolve(self, event: PairingEvent) -> Self:
        """The state after one more event of this pairing."""
        match event:
            case PartnersPaired():
                return changed(self, partnerships=(*self.partnerships, event.partnership))
            case _:
                assert_never(event)


class Partners(NamedTuple):
    """Whose partnership it is, and with which unit."""

    place: str
    unit_name: str
    unit_code: str | None

    @classmethod
    def of(cls, stated: Any, changes: Mapping[str, Any] | None = None) -> "Partners":
        """The partners that a signing, or the command for it, names; or would by a correction."""
        read = {
            name: (changes or {}).get(name, getattr(stated, name))
            for name in ("community", "subdistrict", "unit_name", "unit_code")
        }
        place = str(read["community"] or read["subdistrict"])
        return cls(place, str(read["unit_name"]), read["unit_code"])

    def streams(self) -> Iterator[str]:
        """The streams of their pairings."""
        yield f"pairing:{mint('pairing', self.place, 'name', _plain(self.unit_name))}"
        if self.unit_code:
            yield f"pairing:{mint('pairing', self.place, 'code', self.unit_code)}"

    def same(self, other: "Partners") -> bool:
        """Whether they are the same two: by the unit's code, or by its name where one has none."""
        if self.place != other.place:
            return False
        if self.unit_code and other.unit_code:
            return self.unit_code == other.unit_code
        return _plain(self.unit_name) == _plain(other.unit_name)


class KeepsOne:
    """For commands by which an agreement may come to hold on further days, or with another unit."""

    def consults(self, state: "Partnership") -> Iterable[str]:
        """The pairings of the partners that the agreement names, or named."""
        step = state.stated[0] if state.stated and not state.stated[0].matter else None
        while step:
            yield from Partners.of(step.event).streams()
            step = step.before

    def consults_further(
        self, state: "Partnership", consulted: Mapping[str, Subject]
    ) -> Iterable[str]:
        """The other partnerships of these partners."""
        for pairing in consulted.values():
            if isinstance(pairing, Pairing):
                yield from (f"partnership:{id}" for id in pairing.partnerships if id != state.id)


def paired(after: "Partnership", occasion: Occasion) -> list[On]:
    """That the partnership is one of its partners; Refused when another holds on one of its days.

    `after` is the partnership with what the command states; the command keeps one.
    """
    if not after.stated or after.stated[0].matter:
        return []
    partners = Partners.of(after.opening)
    made: list[On] = []
    for stream in partners.streams():
        pairing = cast(Pairing, occasion.consulted[stream])
        for id in pairing.partnerships:
            if id != after.id:
                other = cast("Partnership", occasion.consulted[f"partnership:{id}"])
                _require_apart(after, other, partners)
        if after.id not in pairing.partnerships:
            made.append(On(stream, PartnersPaired(partnership=after.id, **partners._asdict())))
    return made


def _plain(name: str) -> str:
    """A name as it is compared: without blanks, and without widths of letters."""
    return "".join(normalize("NFKC", name).split())


def _require_apart(after: "Partnership", other: "Partnership", partners: Partners) -> None:
    annulled = not other.stated or bool(other.stated[0].matter)
    if annulled or not partners.same(Partners.of(other.opening)):
        return
    for held in other.spans():
        if any(held.shared(span) for span in after.spans()):
            begin, until = held
            raise Refused(
                f"{partners.unit_name} has the agreement {other.stream} with {partners.place} "
                f"already, from {begin} {f'until {until}' if until else 'on'}; renew that one, or "
                "end it before another holds.",
                f"{partners.unit_name}与该社区（街道）已有共建协议 {other.stream}，"
                f"自 {begin} 起{f'至 {until}（不含）' if until else ''}有效；"
                "请续签该协议，或先予终止。",
            )
