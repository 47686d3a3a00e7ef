"""Where the keys of the second factors are: in a file that is named, or one beside our database."""

from access.sealing import Seal, begin
from api.cli.database import Database
from api.settings import Settings


def seal_of(settings: Settings, where: Database) -> Seal | None:
    """The seal of the second factors. Our own database has a file beside it, made when it is first
    needed; for any other it is named, or there are no second factors."""
    file = settings.second_factor_keys_file
    if file is None and where.embedded:
        begin(file := settings.home / "second-factor.keys")
    return Seal.of_file(file) if file else None
