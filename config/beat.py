"""When beat ticks for what. Beat only ticks; what is due is a row."""

from config import environ

# Seconds. Tests tick faster.
TICK = environ.number("GROVE_TICK_SECONDS", 15)
SCHEDULE = {
    "records.sweep": {"task": "records.sweep", "schedule": TICK, "options": {"expires": TICK * 4}},
    "courses.move_learners": {"task": "courses.move_learners", "schedule": TICK, "options": {"expires": TICK * 4}},
    "records.ensure_partitions": {"task": "records.ensure_partitions", "schedule": 24 * 3600},
    "notifications.send_mail": {
        "task": "notifications.send_due_mail",
        "schedule": TICK,
        "options": {"expires": TICK * 4},
    },
    "ecosystem.send_invitations": {
        "task": "ecosystem.send_due_invitations",
        "schedule": TICK,
        "options": {"expires": TICK * 4},
    },
    "ecosystem.send_account_letters": {
        "task": "ecosystem.send_account_letters",
        "schedule": TICK,
        "options": {"queue": "interactive", "expires": TICK * 4},
    },
    "ecosystem.make_exports": {
        "task": "ecosystem.make_exports",
        "schedule": 300,
        "options": {"queue": "bulk", "expires": 600},
    },
    "ecosystem.make_environment_exports": {
        "task": "ecosystem.make_environment_exports",
        "schedule": 300,
        "options": {"queue": "bulk", "expires": 600},
    },
    "ecosystem.remove_environments": {
        "task": "ecosystem.remove_environments",
        "schedule": 3600,
        "options": {"queue": "bulk", "expires": 7200},
    },
    "ecosystem.erase_due": {
        "task": "ecosystem.erase_due",
        "schedule": 300,
        "options": {"queue": "bulk", "expires": 600},
    },
    "ecosystem.remove_orphans": {
        "task": "ecosystem.remove_orphans",
        "schedule": 24 * 3600,
        "options": {"queue": "bulk"},
    },
    "ecosystem.forget_old": {"task": "ecosystem.forget_old", "schedule": 24 * 3600, "options": {"queue": "bulk"}},
    "notifications.send_push": {
        "task": "notifications.send_due_push",
        "schedule": TICK,
        "options": {"expires": TICK * 4},
    },
    "notifications.send_digests": {
        "task": "notifications.send_digests",
        "schedule": TICK,
        "options": {"expires": TICK * 4},
    },
    "notifications.prune": {"task": "notifications.prune", "schedule": 24 * 3600, "options": {"queue": "bulk"}},
    "notifications.remind_delegations": {
        "task": "notifications.remind_delegations",
        "schedule": TICK,
        "options": {"expires": TICK * 4},
    },
    "api.post_webhooks": {"task": "api.post_due_webhooks", "schedule": TICK, "options": {"expires": TICK * 4}},
    "content.check_links": {
        "task": "content.check_links",
        "schedule": 300,
        "options": {"queue": "bulk", "expires": 600},
    },
    "api.forget_old": {"task": "api.forget_old", "schedule": 3600},
    "assessments.finish_overdue": {
        "task": "assessments.finish_overdue",
        "schedule": TICK,
        "options": {"expires": TICK * 4},
    },
    "assessments.feedback": {
        "task": "assessments.feedback",
        "schedule": TICK,
        "options": {"expires": TICK * 4},
    },
    "assessments.run_imports": {
        "task": "assessments.run_imports",
        "schedule": TICK,
        "options": {"expires": TICK * 4},
    },
    "assessments.analyse": {"task": "assessments.analyse", "schedule": 24 * 3600, "options": {"queue": "bulk"}},
    "events.look_at_offers": {
        "task": "events.look_at_offers",
        "schedule": TICK,
        "options": {"expires": TICK * 4},
    },
    "events.look_at_settling": {
        "task": "events.look_at_settling",
        "schedule": TICK,
        "options": {"expires": TICK * 4},
    },
    "events.look_at_reminders": {
        "task": "events.look_at_reminders",
        "schedule": TICK,
        "options": {"expires": TICK * 4},
    },
    "handins.look_at_peers": {"task": "handins.look_at_peers", "schedule": 300, "options": {"expires": 900}},
    "handins.forget_uploads": {"task": "handins.forget_uploads", "schedule": 3600, "options": {"queue": "bulk"}},
    "courses.wake": {"task": "courses.wake", "schedule": TICK, "options": {"expires": TICK * 4}},
    "memotrainer.ensure_partitions": {"task": "memotrainer.ensure_partitions", "schedule": 24 * 3600},
    "memotrainer.fit": {"task": "memotrainer.fit", "schedule": 24 * 3600, "options": {"queue": "bulk"}},
    "memotrainer.remind": {"task": "memotrainer.remind", "schedule": TICK, "options": {"expires": TICK * 4}},
}
