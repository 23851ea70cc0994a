"""People of the demo finish things in real processes; what must be true afterwards, whatever was killed meanwhile."""

from tests.live.learning import Learner

COURSE = "pfa-at-work"

COMPLETE = """
    UPDATE courses_activitystate SET state = 'completed', completed_at = now()
    WHERE person_id = %s AND target_id <> (SELECT id FROM ecosystem_element WHERE slug = %s)
"""


def nothing_waits(site) -> bool:
    return site.sql("SELECT count(*) FROM records_delivery WHERE state <> 'done'") == [(0,)]


def effects_are_once(site) -> None:
    """The invariants that every fault test ends with."""
    assert site.sql("SELECT count(*) FROM records_delivery WHERE state = 'given_up'") == [(0,)]
    twice = site.sql(
        "SELECT person_id, element_id, count(*) FROM certificates_certificate GROUP BY 1, 2 HAVING count(*) > 1"
    )
    assert twice == []
    assert site.sql("SELECT key, count(*) FROM notifications_notice GROUP BY 1 HAVING count(*) > 1") == []
    without_file = site.sql("SELECT count(*) FROM certificates_certificate WHERE file = ''")
    assert without_file == [(0,)]
    unheard = site.sql(
        "SELECT count(*) FROM records_statement s WHERE s.verb = 'completed' AND NOT EXISTS"
        " (SELECT 1 FROM records_delivery d WHERE d.statement_id = s.id)"
    )
    assert unheard == [(0,)]


def certificates_of(site, email: str) -> int:
    ((count,),) = site.sql(
        "SELECT count(*) FROM certificates_certificate c JOIN ecosystem_person p ON p.id = c.person_id WHERE p.email = %s",
        email,
    )
    return count


def finish_course_of(site, email: str, learner_slug: str = "pfa-what-it-is") -> None:
    """All but one page are done; reading that one finishes the course, as the person does next."""
    ((person,),) = site.sql("SELECT id FROM ecosystem_person WHERE email = %s", email)
    site.sql(COMPLETE, person, learner_slug)


def learners_of(site, host: str) -> list[str]:
    slug = host.split(".")[0]
    rows = site.sql(
        "SELECT p.email FROM ecosystem_person p JOIN ecosystem_membership m ON m.person_id = p.id"
        " JOIN ecosystem_environment e ON e.id = m.environment_id"
        " WHERE e.slug = %s AND 'learner' = ANY(m.roles) ORDER BY 1",
        slug,
    )
    return [email for (email,) in rows]


def sign_in(site, host: str, *, most: int | None = None) -> list[Learner]:
    return [Learner(site, email, host) for email in learners_of(site, host)[:most]]


def all_finish(site, learners: list[Learner]) -> int:
    """Each learner enrols and finishes a course over HTTP; returns how many acknowledged finishes there were."""
    for learner in learners:
        with learner:
            learner.enrol(COURSE)
            finish_course_of(site, learner.email)
            learner.read("pfa-what-it-is")
    return len(learners)
