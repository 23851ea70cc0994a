from ecosystem.exceptions import EcosystemError


class LtiError(EcosystemError):
    """A refusal about external tools, in words for whoever set one up or opens one."""


class UnbelievedError(LtiError):
    """What a tool says of itself is not to be believed. The words are for the log of the tool."""


class StaleError(LtiError):
    """Something newer is known already."""


class NotTheirsError(LtiError):
    """A tool speaks of somebody who was not sent to it, or is not let in any more."""
