"""The one way to servers that somebody named, so that no name becomes a way into our own network.

`addresses` judges and resolves; whoever connects goes to exactly the address that was judged. `posting` sends what people
asked to be told, `asking` reads what a server says of itself; neither follows a redirect. `looking` asks whether a page is
still there, and judges each redirect anew. Each limits time and size.
"""

from ecosystem.outbound.addresses import NoHostError, UnsafeAddressError, is_public, resolve
from ecosystem.outbound.asking import GuardedSession, RefusedAddressError
from ecosystem.outbound.looking import look
from ecosystem.outbound.posting import TOTAL_SECONDS, Outcome, Target, post, resolve_target, target_of

__all__ = [
    "TOTAL_SECONDS",
    "GuardedSession",
    "NoHostError",
    "Outcome",
    "RefusedAddressError",
    "Target",
    "UnsafeAddressError",
    "is_public",
    "look",
    "post",
    "resolve",
    "resolve_target",
    "target_of",
]
