"""What external tools know about people, on our side."""

from django.utils.translation import gettext_lazy as _

from ecosystem.personal_data import OnErase, declare, no_personal_data
from lti.models import Launch, Pseudonym, Score

declare(
    Pseudonym,
    "person", "sub",
    purpose=_("to send people to an external tool without saying who they are"),
    retention=_("as long as the person is a member here"),
    on_erase=OnErase.DELETE,
)  # fmt: skip
declare(
    Launch,
    "person", "element", "began_at", "came_at",
    purpose=_("to let people into an external tool, and to know whom it may send scores for"),
    retention=_("as long as the person is a member here"),
    on_erase=OnErase.DELETE,
    hidden=("hint_hash",),
)  # fmt: skip
declare(
    Score,
    "person", "said_at", "given", "maximum", "comment",
    purpose=_("to know what an external tool said of the work of a person"),
    retention=_("as long as the person is a member here"),
    on_erase=OnErase.ANONYMISE,
    blank={"comment": ""},
)  # fmt: skip
no_personal_data("lti.Tool", "software that an organisation works with")
no_personal_data("lti.PlatformKey", "keys of the environment")
no_personal_data("lti.ToolLink", "where an activity leads")
no_personal_data("lti.ServiceToken", "a key of a tool")
no_personal_data("lti.SpentAssertion", "what a tool has used up")
