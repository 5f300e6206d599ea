from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    # Built beside the trail's traffic, which never waits for it.
    atomic = False

    dependencies = [
        ("portal", "0003_scopes_and_now"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="auditevent",
            index=models.Index(
                condition=models.Q(("case_id__isnull", False), ("kind", "read")),
                fields=["service_id", "at"],
                name="auditevent_service_reads",
            ),
        ),
    ]
