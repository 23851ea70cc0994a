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
        ("handins", "0010_uploads"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="assignment",
            name="assignment_takes_something",
        ),
        migrations.RemoveConstraint(
            model_name="upload",
            name="upload_of_a_file_once",
        ),
        ecosystem.creating.CreateModels(
            models=[
                migrations.CreateModel(
                    name="FeedbackFile",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField(default=uuid.uuid4, editable=False)),
                        ("name", models.CharField(max_length=200, verbose_name="file")),
                        ("media_type", models.CharField(max_length=100)),
                        ("size", models.PositiveBigIntegerField()),
                        ("file", models.FileField(max_length=200, upload_to="handins/")),
                        ("added_at", models.DateTimeField(verbose_name="added at")),
                        (
                            "by",
                            ecosystem.models.keys.PersonKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
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
                        (
                            "round",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="feedback_files",
                                to="handins.round",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "file of a feedback",
                        "verbose_name_plural": "files of feedback",
                        "constraints": [
                            models.UniqueConstraint(fields=("environment", "uid"), name="feedback_file_uid_once"),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "round_id"),
                                name="handins_feedbackfile_round_scoped",
                                target="handins_round",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="handins_feedbackfile_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "by_id"),
                                name="handins_feedbackfile_by_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="handins_feedbackfile_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="handins_feedbackfile_rows", own=True, system=False
                            ),
                        ],
                    },
                ),
            ],
        ),
        migrations.AddField(
            model_name="assignment",
            name="takes_audio",
            field=models.BooleanField(default=False, verbose_name="a sound recording"),
        ),
        migrations.AddField(
            model_name="assignment",
            name="takes_video",
            field=models.BooleanField(default=False, verbose_name="a video recording"),
        ),
        migrations.AddField(
            model_name="upload",
            name="is_feedback",
            field=models.BooleanField(default=False, verbose_name="feedback"),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("takes_text", True),
                    ("takes_files", True),
                    ("takes_link", True),
                    ("takes_audio", True),
                    ("takes_video", True),
                    _connector="OR",
                ),
                name="assignment_takes_something",
            ),
        ),
        migrations.AddField(
            model_name="upload",
            name="feedback",
            field=ecosystem.models.keys.TenantKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="handins.feedbackfile",
            ),
        ),
        migrations.AddConstraint(
            model_name="upload",
            constraint=models.UniqueConstraint(
                condition=models.Q(("feedback", None), ("file", None)),
                fields=("environment", "round", "person", "name", "size"),
                name="upload_of_a_file_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="upload",
            constraint=ecosystem.models.security.CompositeKey(
                columns=("environment_id", "feedback_id"),
                name="handins_upload_feedback_scoped",
                target="handins_feedbackfile",
                to=("environment_id", "id"),
            ),
        ),
    ]
