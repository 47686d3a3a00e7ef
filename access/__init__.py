"""Who may come in: accounts, second factors, sessions and keys, and the log of what was tried.

Secrets and rights to sign in are no part of the record: they are in a schema of their own, and what
is out of date in it is removed. Who may do what is the record's (`domain.authority`).
"""
