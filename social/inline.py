"""A discussion made in passing, while a course is built."""

from __future__ import annotations

from typing import Any

from ecosystem.models import Element, Membership
from social.services import discussion_make


def inline_discussion_make(*, cleaned: dict[str, Any], by: Membership, **facts: Any) -> Element:
    element: Element = discussion_make(by=by, **cleaned, **facts).element
    return element
