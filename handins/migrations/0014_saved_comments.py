import django.db.models.deletion
import ecosystem.creating
import ecosystem.models.keys
import ecosystem.models.security
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("ecosystem", "0001_initial"),
        ("handins", "0013_exemplars"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        ecosystem.creating.CreateModels(
            models=[
                migrations.CreateModel(
                    name="SavedComment",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField(default=uuid.uuid4, editable=False)),
                        ("is_shared", models.BooleanField(default=False, verbose_name="shared")),
                        ("words", models.CharField(max_length=2000, verbose_name="comment")),
                        ("saved_at", models.DateTimeField(verbose_name="saved at")),
                        (
                            "element",
                            ecosystem.models.keys.ElementKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="ecosystem.element",
                                verbose_name="assignment",
                            ),
                        ),
                        (
                            "environment",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="ecosystem.environment",
                            ),
                        ),
                        (
                            "person",
                            ecosystem.models.keys.PersonKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "saved comment",
                        "verbose_name_plural": "saved comments",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("is_shared", True)),
                                fields=["environment", "-saved_at"],
                                name="saved_comment_shared",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("environment", "uid"), name="saved_comment_uid_once"),
                            models.CheckConstraint(
                                condition=models.Q(("words", ""), _negated=True), name="saved_comment_says_something"
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="handins_savedcomment_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "element_id"),
                                name="handins_savedcomment_element_scoped",
                                target="ecosystem_availability",
                                to=("environment_id", "element_id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="handins_savedcomment_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="handins_savedcomment_rows", own=True, system=False
                            ),
                        ],
                    },
                )
            ]
        ),
    ]
