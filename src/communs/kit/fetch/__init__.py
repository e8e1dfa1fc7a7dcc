"""The one door through which the site calls out: bounded in time and size, and never into a private network.

`guard` says which addresses may be reached and keeps connections to them, `transport` puts httpx on such connections,
`asking` is what others use to read, `sending` to change something at a service where the site has an account. Redirects
go through the same door, hop by hop. What went wrong comes back as a `Problem` with a code, never as an exception.
"""

from communs.kit.fetch.asking import USER_AGENT, Answer, Session, fetch
from communs.kit.fetch.guard import ANYWHERE, Policy, Problem, is_public
from communs.kit.fetch.sending import NEVER_SENT, Response, Sender

__all__ = [
    "ANYWHERE", "NEVER_SENT", "USER_AGENT", "Answer", "Policy", "Problem", "Response", "Sender", "Session", "fetch",
    "is_public",
]  # fmt: skip
