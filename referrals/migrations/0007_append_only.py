import pgtrigger.migrations
from django.db import migrations

from portal.append_only import guard


class Migration(migrations.Migration):
    dependencies = [("referrals", "0006_cancelled_by_the_clock"), ("portal", "0006_sealed_trail")]

    operations = [
        guard("referrals_snapshot"),
        guard("referrals_rendereddocument"),
        pgtrigger.migrations.RemoveTrigger(model_name="snapshot", name="append_only"),
        pgtrigger.migrations.RemoveTrigger(model_name="rendereddocument", name="append_only"),
    ]
