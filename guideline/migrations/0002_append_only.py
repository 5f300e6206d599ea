import pgtrigger.migrations
from django.db import migrations

from portal.append_only import guard


class Migration(migrations.Migration):
    dependencies = [("guideline", "0001_initial"), ("portal", "0006_sealed_trail")]

    operations = [
        guard("guideline_editionversion"),
        pgtrigger.migrations.RemoveTrigger(model_name="editionversion", name="immutable"),
    ]
