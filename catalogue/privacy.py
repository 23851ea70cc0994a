"""What the catalogue knows about people: nothing."""

from catalogue.models import Offer
from ecosystem.personal_data import no_personal_data

no_personal_data(Offer, "what is on offer")
