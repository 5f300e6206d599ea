from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def as_the_edition_says(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """«digital» was the code's own word; the editions call it «electronic»."""
    apps.get_model("cases", "Consent").objects.filter(how="digital").update(how="electronic")


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0005_tasks_that_show_later"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="consent",
            name="consent_how_known",
        ),
        migrations.AlterField(
            model_name="consent",
            name="how",
            field=models.SlugField(db_index=False, max_length=60, verbose_name="hvordan"),
        ),
        migrations.RunPython(as_the_edition_says, migrations.RunPython.noop),
    ]
