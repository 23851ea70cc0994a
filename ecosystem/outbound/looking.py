"""Whether a page that somebody linked to is still there: at most three redirects, each judged as the first address was."""

from __future__ import annotations

import http.client
from urllib.parse import urljoin

from ecosystem.outbound.addresses import UnsafeAddressError
from ecosystem.outbound.deadline import Deadline
from ecosystem.outbound.posting import LARGEST_ANSWER, Outcome, connected, resolve_target, target_of

TOTAL_SECONDS = 10
MOST_REDIRECTS = 3
HEADERS = {
    "User-Agent": "Grove link check",
    "Accept": "*/*",
    "Accept-Encoding": "identity",
    "Connection": "close",
}


def look(*, url: str) -> Outcome:
    """The status at the end of the way, or 0 and why; nothing that is sent back is kept. Never raises."""
    with Deadline(TOTAL_SECONDS) as deadline:
        try:
            for _step in range(MOST_REDIRECTS + 1):
                status, onward = _ask(url, deadline)
                if not onward:
                    return Outcome(status)
                url = urljoin(url, onward)
        except UnsafeAddressError as refusal:
            return Outcome(0, str(refusal))
        except (OSError, ValueError, http.client.HTTPException) as error:
            return Outcome(0, "No answer in time." if deadline.is_over else type(error).__name__)
    return Outcome(0, "It leads on and on.")


def _ask(url: str, deadline: Deadline) -> tuple[int, str]:
    target = target_of(url, plain=True)
    with connected(target, resolve_target(target), deadline) as connection:
        connection.request("GET", target.path, headers=HEADERS)
        response = connection.getresponse()
        response.read(LARGEST_ANSWER)
        leads_on = response.status in {301, 302, 303, 307, 308}
        return response.status, response.getheader("Location", "") if leads_on else ""
