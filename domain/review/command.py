"""What all commands on a review share."""

from collections.abc import Iterable

from domain.review.state import Review


class ReviewCommand:
    """A base for commands on a review: its round decides what may be done, and when."""

    def consults(self, state: Review) -> Iterable[str]:
        """Its round."""
        return (state.round_stream,)
