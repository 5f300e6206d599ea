"""What is sealed and checked is found by community and transaction; built beside the table's traffic."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("portal", "0006_sealed_trail")]
    operations = [
        AddIndexConcurrently("auditevent", models.Index(fields=["community_id", "xid"], name="auditevent_seal")),
    ]
