from notifications.services.choosing import choices_save, mail_resume, mail_stop, preference_save
from notifications.services.delegations import delegation_remind
from notifications.services.devices import device_add, device_remove
from notifications.services.digests import digest_plan, digests_send
from notifications.services.erasures import erasure_tell
from notifications.services.operating import mail_consider_sent, mail_send_again
from notifications.services.pruning import notifications_prune
from notifications.services.pushing import push_send_due, push_send_one
from notifications.services.sending import mail_send, mail_send_due
from notifications.services.telling import notice_open, notice_seen, notices_seen, notify

__all__ = [
    "choices_save",
    "delegation_remind",
    "device_add",
    "device_remove",
    "digest_plan",
    "digests_send",
    "erasure_tell",
    "mail_consider_sent",
    "mail_resume",
    "mail_send",
    "mail_send_again",
    "mail_send_due",
    "mail_stop",
    "notice_open",
    "notice_seen",
    "notices_seen",
    "notifications_prune",
    "notify",
    "preference_save",
    "push_send_due",
    "push_send_one",
]
