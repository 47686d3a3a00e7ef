"""The accounts of the demo's visitors: opened by `annals demo`, and never served elsewhere."""

from datetime import timedelta

from access.access import Access
from access.accounts import Account
from access.kernel import clock
from access.passwords import PASSWORDS, initial
from api.cli.terminal import Terminal
from demo.visitors import PASSWORD, VISITORS
from domain.kernel.context import ROLES
from domain.kernel.refusal import Stopped

LASTS_MIN = timedelta(days=30)


def let_in(access: Access, terminal: Terminal) -> tuple[tuple[str, str], ...]:
    """Open the accounts, say how visitors sign in, and return login and password of each."""
    known = {each.person: each for each in access.accounts.all()}
    for each in VISITORS:
        if each.person not in known:
            access.accounts.add(person=each.person, login=each.login, password=initial())
        elif _is_as_told(access, known[each.person]):
            continue
        else:  # a visitor has changed it, or it is due
            access.second_factors.remove(each.person)
            access.accounts.set_password(each.person, initial())
        credentials = access.accounts.credentials(each.login)
        assert credentials is not None, "the account is open"
        access.accounts.choose_password(credentials, PASSWORD)
    terminal.remark(
        f"登录名如下，密码均为 {PASSWORD}：", f"To sign in (the password of all is {PASSWORD}):"
    )
    for each in VISITORS:
        role = ROLES[each.role]
        terminal.remark(f"  {each.login}  {role.zh}", f"  {each.login}  {role.en}")
    return tuple((each.login, PASSWORD) for each in VISITORS)


def require_no_visitors(access: Access) -> None:
    """Stopped if an account has the password that the demo shows to everybody."""
    for each in VISITORS:
        known = access.accounts.credentials(each.login)
        if known and PASSWORDS.matches(PASSWORD, known.password):
            raise Stopped("command-line.demo-accounts", login=each.login)


def _is_as_told(access: Access, account: Account) -> bool:
    known = access.accounts.credentials(account.login)
    lasts = account.password_due_at > clock() + LASTS_MIN
    return lasts and known is not None and PASSWORDS.matches(PASSWORD, known.password)
