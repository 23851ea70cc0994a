"""What pages know about people: nothing."""

from content.models import Page
from ecosystem.personal_data import no_personal_data

no_personal_data(Page, "what is taught; its makers are in the credits")
