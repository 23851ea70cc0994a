"""Whether a page that somebody linked to is still there: at most three redirects, each judged as the first address was."""

from __future__ import annotations

import http.client
import ssl
from urllib.parse import urljoin

from ecosystem.outbound.addresses import NoHostError, UnsafeAddressError
from ecosystem.outbound.deadline import Deadline
from ecosystem.outbound.posting import LARGEST_ANSWER, Outcome, connected, resolve_target, target_of

# Why there was no status: names, so that whoever shows them can say it in the language of the reader.
NO_HOST, UNSAFE, LATE, ON_AND_ON = "no host", "unsafe", "late", "on and on"
CERTIFICATE, NO_ANSWER, UNREADABLE = "certificate", "no answer", "unreadable"
TOTAL_SECONDS = 10
MOST_REDIRECTS = 3
HEADERS = {
    "User-Agent": "Grove link check",
    "Accept": "*/*",
    "Accept-Encoding": "identity",
    "Connection": "close",
}


def look(*, url: str) -> Outcome:
    """The status at the end of the way, or 0 and one of the reasons above; nothing that is sent back is kept. Never raises."""
    with Deadline(TOTAL_SECONDS) as deadline:
        try:
            for _step in range(MOST_REDIRECTS + 1):
                status, onward = _ask(url, deadline)
                if not onward:
                    return Outcome(status)
                url = urljoin(url, onward)
        except NoHostError:
            return Outcome(0, NO_HOST)
        except UnsafeAddressError:
            return Outcome(0, UNSAFE)
        except (OSError, ValueError, http.client.HTTPException) as error:
            return Outcome(0, LATE if deadline.is_over or isinstance(error, TimeoutError) else _why(error))
    return Outcome(0, ON_AND_ON)


def _why(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return CERTIFICATE
    return NO_ANSWER if isinstance(error, OSError) else UNREADABLE


def _ask(url: str, deadline: Deadline) -> tuple[int, str]:
    target = target_of(url, plain=True)
    with connected(target, resolve_target(target), deadline) as connection:
        connection.request("GET", target.path, headers=HEADERS)
        response = connection.getresponse()
        response.read(LARGEST_ANSWER)
        leads_on = response.status in {301, 302, 303, 307, 308}
        return response.status, response.getheader("Location", "") if leads_on else ""
