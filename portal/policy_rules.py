"""Which rows of the platform's own tables are whose, and which tables hold nothing of a child or a family."""

from portal.policies import Rows, leave_open, me, protect

protect(
    Rows("portal_kepttext", me("portal_kepttext.owner_id")),
)
leave_open(
    "Katalogen: hvilke kommuner, tjenester og vakttelefoner som finnes.",
    "portal_healthcommunity",
    "portal_organisation",
    "portal_communitymembership",
    "portal_service",
    "portal_servicearea",
    "portal_oncallroute",
)
leave_open(
    "Ansatte i tjenestene: innloggingen leser dem før noen er kjent, og navnene står ved det de har skrevet.",
    "portal_user",
    "portal_membership",
    "account_emailaddress",
    "account_emailconfirmation",
)
leave_open("Utgaver av retningslinjen.", "guideline_editionversion")
leave_open("Segl over loggen: summer og tall, uten opplysninger om noen.", "portal_auditseal")
leave_open("Økter leses før noen er kjent. De holder ingen opplysninger om barn.", "portal_session")
leave_open("Ansattes andre faktor, lest før noen er kjent. Hemmelighetene er kryptert.", "mfa_authenticator")
leave_open(
    "Mislykkede innlogginger, før noen er kjent.",
    "axes_accessattempt",
    "axes_accessattemptexpiration",
    "axes_accessfailurelog",
    "axes_accesslog",
)
leave_open(
    "Djangos egne tabeller, som portalen ikke bruker.",
    "auth_group",
    "auth_group_permissions",
    "auth_permission",
    "django_content_type",
)
