"""A closed case is for the holder's side: others keep what they have written, a scope of its own.

Access that stood open in cases closed before ends now.
"""

from django.db import migrations, models

CLOSE = """
    UPDATE cases_caseaccess access SET until = GREATEST(now(), access.valid_from)
      FROM cases_case c JOIN portal_membership holder ON holder.id = c.holder_id
     WHERE access.case_id = c.id AND c.state = 'closed' AND access.principal_id <> holder.service_id
       AND (access.scope = 'case' OR starts_with(access.scope, 'items_'))
       AND (access.until IS NULL OR access.until > now())
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0002_author_services"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="caseaccess",
            name="caseaccess_scope_known",
        ),
        migrations.AlterField(
            model_name="caseaccess",
            name="scope",
            field=models.CharField(
                choices=[
                    ("case", "Saken"),
                    ("contribution", "Eget bidrag"),
                    ("referral", "Henvisningen slik den er sendt"),
                    ("consultation", "Drøftingen"),
                    ("own", "Det tjenesten selv har skrevet"),
                    ("items_health", "Opplysninger om helse"),
                    ("items_school", "Opplysninger om skole og barnehage"),
                    ("items_child_protection", "Opplysninger om barnevern"),
                    ("items_social", "Opplysninger om økonomi og bolig"),
                    ("items_family", "Opplysninger om familien"),
                ],
                max_length=30,
            ),
        ),
        migrations.AddConstraint(
            model_name="caseaccess",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "scope__in",
                        [
                            "case",
                            "contribution",
                            "referral",
                            "consultation",
                            "own",
                            "items_health",
                            "items_school",
                            "items_child_protection",
                            "items_social",
                            "items_family",
                        ],
                    )
                ),
                name="caseaccess_scope_known",
                violation_error_message="Verdien er ikke et gyldig valg.",
            ),
        ),
        migrations.RunSQL(CLOSE, reverse_sql=migrations.RunSQL.noop),
    ]
