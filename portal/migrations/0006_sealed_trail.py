import pgtrigger.migrations
from django.db import migrations, models

import portal.models.transaction_id
from portal.append_only import guard, guards, hold_events, own_transaction


def text(name: str, length: int) -> migrations.AddField:
    """A column that the database fills in for processes from before it came."""
    field = models.CharField(blank=True, db_default="", default="", max_length=length)
    return migrations.AddField("auditevent", name, field)


class Migration(migrations.Migration):
    # Every step takes its lock for an instant: none rewrites a table, and all events from before get one and the same
    # transaction id, this migration's own. All or nothing, and it gives up rather than keep every request waiting.
    dependencies = [("portal", "0005_login")]

    operations = [
        migrations.RunSQL("SET LOCAL lock_timeout = '10s'", migrations.RunSQL.noop),
        migrations.CreateModel(
            name="AuditSeal",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("community_id", models.UUIDField(null=True)),
                ("epoch", models.PositiveIntegerField()),
                ("number", models.PositiveBigIntegerField(verbose_name="segl nr.")),
                ("form", models.PositiveSmallIntegerField()),
                ("lo", models.PositiveBigIntegerField()),
                ("hi", models.PositiveBigIntegerField()),
                ("from_id", models.BigIntegerField()),
                ("closed_id", models.BigIntegerField(null=True)),
                ("top_id", models.BigIntegerField()),
                ("n", models.PositiveBigIntegerField(verbose_name="hendelser")),
                ("root", models.CharField(max_length=64)),
                ("prev", models.CharField(blank=True, max_length=64)),
                ("hash", models.CharField(max_length=64)),
                ("sealed_at", models.DateTimeField(verbose_name="forseglet")),
                ("cluster", models.CharField(max_length=60)),
                ("reason", models.CharField(blank=True, max_length=200)),
            ],
            options={
                "verbose_name": "segl på loggen",
                "ordering": ("community_id", "number"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("community_id", "number"), name="auditseal_once", nulls_distinct=False
                    ),
                    models.UniqueConstraint(
                        fields=("community_id", "prev"), name="auditseal_next", nulls_distinct=False
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("number", 1), ("prev", ""))
                        | (models.Q(("number__gt", 1)) & ~models.Q(("prev", ""))),
                        name="auditseal_first",
                        violation_error_message="Bare det første seglet er uten et segl før seg.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("hi__gte", models.F("lo")), ("closed_id__isnull", False), _connector="OR"),
                        name="auditseal_span",
                        violation_error_message="Seglet slutter før det begynner.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("hash__regex", "^[0-9a-f]{64}$"), ("root__regex", "^[0-9a-f]{64}$")),
                        name="auditseal_sha256",
                        violation_error_message="Kontrollsummen må være 64 heksadesimale tegn.",
                    ),
                ],
            },
        ),
        text("decision_ref", 120),
        text("organisation_number", 9),
        text("profession", 20),
        text("purpose_code", 12),
        text("service_kind", 30),
        migrations.AddField("auditevent", "xid", portal.models.transaction_id.TransactionIdField()),
        guards(),
        guard("portal_auditevent"),
        guard("portal_auditseal"),
        guard("portal_statechange"),
        own_transaction(),
        hold_events(),
        # Only when the new guards stand.
        pgtrigger.migrations.RemoveTrigger(model_name="auditevent", name="append_only"),
        pgtrigger.migrations.RemoveTrigger(model_name="statechange", name="append_only"),
    ]
