"""All of access over one database."""

from eventsourcing.postgres import PostgresDatastore

from access.accounts import Accounts
from access.devices import Devices
from access.drafts import Drafts
from access.kernel import Clock, Database, clock
from access.keys import Keys
from access.openid.identities import Identities
from access.openid.provider import Provider
from access.openid.sign_in import OpenidSignIn
from access.operation_log import OperationLog
from access.passwords import PASSWORDS, Passwords
from access.sealing import Seal
from access.second_factor import SecondFactors
from access.sessions import Sessions
from access.sign_in import SignIn


class Access:
    """Accounts, second factors, links to a provider, sessions, keys, and the log of operations.

    A test brings its own clock and hasher. Without a `seal` nobody enrols a second factor.
    """

    def __init__(
        self,
        datastore: PostgresDatastore,
        *,
        clock: Clock = clock,
        passwords: Passwords = PASSWORDS,
        provider: Provider | None = None,
        seal: Seal | None = None,
    ) -> None:
        database = Database(datastore, clock)
        self.accounts = Accounts(database, passwords)
        self.second_factors = SecondFactors(database, seal)
        self.sign_in = SignIn(database, self.accounts, self.second_factors, passwords)
        self.identities = Identities(database)
        self.openid = OpenidSignIn(database, self.identities, provider)
        self.sessions = Sessions(database)
        self.devices = Devices(database)
        self.drafts = Drafts(database)
        self.keys = Keys(database)
        self.log = OperationLog(database)
