from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    # Built beside the table's traffic, which never waits for it.
    atomic = False

    dependencies = [
        ("cases", "0007_who_set_the_period"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="child",
            index=models.Index(condition=models.Q(("due_date__isnull", False)), fields=["due_date"], name="child_due"),
        ),
    ]
