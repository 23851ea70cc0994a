from django.db import migrations, models

import ecosystem.creating

# Of the newest mark of each round, unless there is a verdict or it is marked anew. Run by the owner, whom the policies bind
# as well unless they are lifted for the moment.
FILL = """
    ALTER TABLE handins_round NO FORCE ROW LEVEL SECURITY;
    ALTER TABLE handins_moderation NO FORCE ROW LEVEL SECURITY;
    ALTER TABLE handins_verdict NO FORCE ROW LEVEL SECURITY;
    ALTER TABLE handins_mark NO FORCE ROW LEVEL SECURITY;
    ALTER TABLE ecosystem_membership NO FORCE ROW LEVEL SECURITY;
    UPDATE handins_round r SET awaits = m.reason
    FROM (SELECT DISTINCT ON (round_id) * FROM handins_moderation ORDER BY round_id, id DESC) m
    WHERE m.round_id = r.id AND r.state NOT IN ('draft', 'submitted', 'reviewing')
        AND NOT EXISTS (SELECT FROM handins_verdict v WHERE v.moderation_id = m.id)
        AND NOT EXISTS (SELECT FROM handins_mark k WHERE k.round_id = r.id AND k.id > m.mark_id AND k.because = '');
    -- What was for somebody who has left is for nobody.
    UPDATE handins_round r SET marker_id = NULL WHERE r.state <> 'returned' AND r.marker_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM ecosystem_membership m
        WHERE m.environment_id = r.environment_id AND m.person_id = r.marker_id AND m.ended_at IS NULL
    );
    UPDATE handins_round r SET second_id = NULL WHERE r.state <> 'returned' AND r.second_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM ecosystem_membership m
        WHERE m.environment_id = r.environment_id AND m.person_id = r.second_id AND m.ended_at IS NULL
    );
    ALTER TABLE handins_round FORCE ROW LEVEL SECURITY;
    ALTER TABLE handins_moderation FORCE ROW LEVEL SECURITY;
    ALTER TABLE handins_verdict FORCE ROW LEVEL SECURITY;
    ALTER TABLE handins_mark FORCE ROW LEVEL SECURITY;
    ALTER TABLE ecosystem_membership FORCE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("ecosystem", "0002_staff_by_index"),
        ("handins", "0004_counts_by_index"),
    ]

    operations = [
        migrations.AddField(
            model_name="round",
            name="awaits",
            field=models.CharField(
                blank=True,
                choices=[
                    ("sample", "drawn by lot"),
                    ("failing", "it does not pass"),
                    ("borderline", "it is near the pass mark"),
                    ("again", "a moderator has looked at a mark of this work before"),
                    ("corrected", "it was corrected after the release"),
                ],
                editable=False,
                max_length=10,
                verbose_name="why a moderator looks at it",
            ),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        # The rows that were filled in have checks that wait, and such a table takes no index.
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        ecosystem.creating.Together(
            operations=[
                migrations.AddIndex(
                    model_name="round",
                    index=models.Index(
                        condition=models.Q(("awaits", ""), _negated=True),
                        fields=["environment", "turn_at", "uid"],
                        name="round_to_moderate",
                    ),
                ),
                migrations.AddIndex(
                    model_name="round",
                    index=models.Index(
                        condition=models.Q(("awaits", ""), _negated=True),
                        fields=["environment", "element", "turn_at", "uid"],
                        include=("id", "person", "submission", "awaits"),
                        name="round_to_moderate_of",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="round",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("awaits", ""),
                            models.Q(
                                ("awaits__in", ["sample", "failing", "borderline", "again", "corrected"]),
                                models.Q(("state__in", ["draft", "submitted", "reviewing"]), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="round_awaits_with_a_mark",
                    ),
                ),
            ],
        ),
    ]
