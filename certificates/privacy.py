"""What certificates know about people."""

from django.utils.translation import gettext_lazy as _

from certificates.models import Certificate, CertificateTemplate
from ecosystem.personal_data import OnErase, declare, no_personal_data

no_personal_data(CertificateTemplate, "what a certificate says for everybody")
declare(
    Certificate,
    "person", "holder", "file", "revoked_because",
    purpose=_("to prove that somebody finished a course"),
    retention=_("as long as the environment exists"),
    on_erase=OnErase.ANONYMISE,
    blank={"holder": "–", "file": "", "revoked_because": ""},
    files=("file",),
)  # fmt: skip
