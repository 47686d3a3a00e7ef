"""The kinds of refusals that signing in has besides those of the record."""

from domain.kernel.refusal import Refused


class NotSignedIn(Refused):
    """Nobody is signed in: what was given as proof is wrong, or no longer holds."""


class ProviderAway(Refused):
    """The provider through which somebody wants to sign in cannot be used now."""


class LockedOut(Refused):
    """Too many sign-ins have failed. Nothing was checked. `anew`: it is the first such answer since
    the lock began."""

    def __init__(self, code: str, /, *, seconds: int, minutes: int, anew: bool) -> None:
        super().__init__(code, seconds=seconds, minutes=minutes)
        self.seconds = seconds
        self.anew = anew
