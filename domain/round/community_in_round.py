"""What a review and a support have in common: one community in one round."""

from dataclasses import dataclass
from datetime import date

from domain.kernel.subject import Subject


@dataclass(frozen=True, kw_only=True)
class CommunityInRound(Subject):
    """A subject whose id names a round and a community: `round.community`."""

    @property
    def round(self) -> str:
        """The id of the round."""
        return self.id.partition(".")[0]

    @property
    def round_stream(self) -> str:
        """The stream of the round."""
        return f"round:{self.round}"

    @property
    def community(self) -> str:
        """The id of the community."""
        return self.id.partition(".")[2]

    def lies_in(self, day: date) -> tuple[str, ...]:
        """Its community."""
        return (f"community:{self.community}",)
