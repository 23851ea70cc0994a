from lti.services.launching import Sending, launch_answer, launch_begin
from lti.services.linking import link_make, link_set
from lti.services.registering import keys_public, keys_rotate, tool_remove, tool_save, tool_test
from lti.services.scoring import score_take
from lti.services.tokens import token_give, tool_of_token

__all__ = [
    "Sending",
    "keys_public",
    "keys_rotate",
    "launch_answer",
    "launch_begin",
    "link_make",
    "link_set",
    "score_take",
    "token_give",
    "tool_of_token",
    "tool_remove",
    "tool_save",
    "tool_test",
]
