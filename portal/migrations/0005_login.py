from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("portal", "0004_unusual_access")]

    operations = [
        migrations.CreateModel(
            name="Session",
            fields=[
                (
                    "session_key",
                    models.CharField(max_length=40, primary_key=True, serialize=False, verbose_name="session key"),
                ),
                ("session_data", models.TextField(verbose_name="session data")),
                ("expire_date", models.DateTimeField(db_index=True, verbose_name="expire date")),
                ("user_id", models.UUIDField(db_index=True, editable=False, null=True)),
            ],
            options={"verbose_name": "økt", "verbose_name_plural": "økter", "abstract": False},
        ),
        # Sessions of before this are ended: everyone logs in once more. Django's own table is left for a later
        # migration to drop: processes from before a deploy still read it.
        migrations.AddField(
            model_name="user",
            name="pid_hash",
            field=models.CharField(editable=False, max_length=90, null=True, unique=True),
        ),
    ]
