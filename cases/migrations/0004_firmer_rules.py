"""What actions have always seen to, the database now sees to as well; and a state that no action led to is gone."""

import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0003_own_scope"),
        ("portal", "0002_context_functions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="case",
            name="case_state_known",
        ),
        migrations.AlterField(
            model_name="case",
            name="state",
            field=models.CharField(
                choices=[("open", "Åpen"), ("closed", "Avsluttet")],
                default="open",
                max_length=10,
                verbose_name="status",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["open", "closed"])),
                name="case_state_known",
                violation_error_message="Verdien er ikke et gyldig valg.",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(("merged_into__isnull", True), ("state", "closed"), _connector="OR"),
                name="case_merged_closed",
                violation_error_message="En sak som er slått sammen med en annen, er avsluttet.",
            ),
        ),
        migrations.AddConstraint(
            model_name="caseholder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answered_at__isnull", True), ("state", "offered")),
                    models.Q(models.Q(("state", "offered"), _negated=True), ("answered_at__isnull", False)),
                    _connector="OR",
                ),
                name="caseholder_answered",
                violation_error_message="Et tilbud som er besvart eller trukket, har et tidspunkt for svaret.",
            ),
        ),
        migrations.AddConstraint(
            model_name="concern",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("seen_and_heard", ""), _negated=True),
                    models.Q(("how_long", ""), _negated=True),
                    models.Q(("shared_with", ""), _negated=True),
                ),
                name="concern_told",
                violation_error_message="Skriv hva som er sett og hørt, hvor lenge, og hvem det er delt med.",
            ),
        ),
        migrations.AddConstraint(
            model_name="consentparty",
            constraint=models.UniqueConstraint(
                fields=("consent", "kind", "guardian"),
                name="consentparty_once",
                nulls_distinct=False,
                violation_error_message="Samme person kan bare stå én gang i et samtykke.",
            ),
        ),
        migrations.AddConstraint(
            model_name="levelchange",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True),
                name="levelchange_reasoned",
                violation_error_message="Skriv hvorfor nivået endres.",
            ),
        ),
        migrations.AddConstraint(
            model_name="statutorybasis",
            constraint=models.CheckConstraint(
                condition=models.Q(("legal_reference", ""), _negated=True),
                name="statutorybasis_lawful",
                violation_error_message="Grunnlaget må ha en lovhjemmel.",
            ),
        ),
        migrations.AddConstraint(
            model_name="statutorybasis",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("categories__contained_by", ["health", "school", "child_protection", "social", "family"]),
                    ("categories__len__gt", 0),
                ),
                name="statutorybasis_categories_known",
                violation_error_message="Velg minst én gyldig kategori.",
            ),
        ),
        migrations.AddConstraint(
            model_name="statutorybasis",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_until__isnull", True),
                    ("valid_until__gte", django.db.models.functions.datetime.TruncDate("valid_from")),
                    _connector="OR",
                ),
                name="statutorybasis_period",
                violation_error_message="Sluttdatoen kan ikke være før startdatoen.",
            ),
        ),
    ]
