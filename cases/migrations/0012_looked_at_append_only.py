"""What a leader has looked at is written once, guarded as the rest of the trail is."""

from django.db import migrations

from portal.append_only import guard


class Migration(migrations.Migration):
    dependencies = [("cases", "0011_consent_lifecycle"), ("portal", "0006_sealed_trail")]
    operations = [guard("cases_lookedat")]
