from certificates.services.issuing import certificate_issue, certificate_revoke, template_save
from certificates.services.rendering import certificate_pdf, certificate_render

__all__ = ["certificate_issue", "certificate_pdf", "certificate_render", "certificate_revoke", "template_save"]
