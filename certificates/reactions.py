"""A finished course gives its certificate; a given certificate gets its PDF and is told of."""

from django.urls import reverse
from django.utils.translation import gettext as _

from certificates.models import Certificate, CertificateTemplate
from certificates.services import certificate_issue, certificate_render
from ecosystem.languages import language_of, speaking
from ecosystem.models import Person
from notifications.services import notify
from records.dispatch import on
from records.models import Statement


@on("completed")
def issue(statement: Statement) -> None:
    template = CertificateTemplate.objects.filter(element_id=statement.element_id).first()
    if template is not None and statement.person_id is not None:
        person = Person.objects.get(pk=statement.person_id)
        certificate_issue(template=template, person=person, at=statement.occurred_at)


@on("issued")
def render_and_tell(statement: Statement) -> None:
    certificate = Certificate.objects.select_related("person", "environment").get(pk=statement.context["certificate"])
    certificate_render(certificate_id=certificate.pk)
    here = certificate.environment
    with speaking(language_of(person=certificate.person, environment=here), environment=here):
        notify(
            person_id=certificate.person_id,
            key=f"certificate:{certificate.pk}",
            kind="certificate",
            title=_("Your certificate is ready: %(title)s") % {"title": certificate.title},
            body=_("You can download it and share the link to its public page."),
            href=reverse("certificates:mine"),
            mail=True,
            mode="at_least_once",
        )
