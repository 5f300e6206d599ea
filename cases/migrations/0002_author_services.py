"""Which service wrote a measure, and marked a step: who sees a text follows from its author.

Rows from before take the service from their own event in the log; a measure without one keeps the service that does it,
which is what decided until now.
"""

import django.db.models.deletion
from django.db import migrations, models

FROM_LOG = """
    UPDATE {table} SET {column} = event.service_id
      FROM portal_auditevent event JOIN portal_service service ON service.id = event.service_id
     WHERE event.verb = '{verb}' AND event.subject_id = {table}.id
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial"), ("portal", "0002_context_functions")]

    operations = [
        migrations.AddField(
            model_name="measure",
            name="recorded_in",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="portal.service",
            ),
        ),
        migrations.AddField(
            model_name="levelstepdone",
            name="service",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="portal.service",
            ),
        ),
        migrations.RunSQL(
            [
                FROM_LOG.format(table="cases_measure", column="recorded_in_id", verb="measure.recorded"),
                "UPDATE cases_measure SET recorded_in_id = service_id WHERE recorded_in_id IS NULL",
                FROM_LOG.format(table="cases_levelstepdone", column="service_id", verb="case.step_done"),
                # The new keys are checked now, so that the table can be altered in the same transaction.
                "SET CONSTRAINTS ALL IMMEDIATE",
            ],
            reverse_sql=migrations.RunSQL.noop,
        ),
        migrations.AlterField(
            model_name="measure",
            name="recorded_in",
            field=models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="portal.service",
            ),
        ),
    ]
