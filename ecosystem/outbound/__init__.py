"""The one way to servers that somebody named, so that no name becomes a way into our own network.

`addresses` judges and resolves; whoever connects goes to exactly the address that was judged. `posting` sends what people
asked to be told, `asking` reads what a server says of itself. Each limits time and size and follows no redirect.
"""

from ecosystem.outbound.addresses import NoHostError, UnsafeAddressError, is_public, resolve
from ecosystem.outbound.asking import GuardedSession, RefusedAddressError
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
    "post",
    "resolve",
    "resolve_target",
    "target_of",
]
