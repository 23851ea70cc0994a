from lti.models.launches import Launch, Pseudonym, Score, percent_of, share_of
from lti.models.links import DoneWhen, OpensIn, ToolLink
from lti.models.services import ServiceToken, SpentAssertion
from lti.models.tools import PlatformKey, Shares, Tool

__all__ = [
    "DoneWhen",
    "Launch",
    "OpensIn",
    "PlatformKey",
    "Pseudonym",
    "Score",
    "ServiceToken",
    "Shares",
    "SpentAssertion",
    "Tool",
    "ToolLink",
    "percent_of",
    "share_of",
]
