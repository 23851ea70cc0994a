from notifications.services.delegations import delegation_remind
from notifications.services.sending import mail_send, mail_send_due
from notifications.services.telling import mail_resume, mail_stop, notices_seen, notify

__all__ = ["delegation_remind", "mail_resume", "mail_send", "mail_send_due", "mail_stop", "notices_seen", "notify"]
