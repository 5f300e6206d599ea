"""System checks that stop start-up with a reason instead of failing later."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from portal.antivirus import place_of


@register(Tags.security)
def demo_login_only_in_demo(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """The page with one button per person must not exist with production settings."""
    from django.urls import NoReverseMatch, reverse

    try:
        reverse("demo:people")
    except NoReverseMatch:
        return []
    if settings.PRODUCTION:
        return [Error("Demoinnloggingen er slått på med produksjonsinnstillinger.", id="portal.E001")]
    return []


@register(Tags.security)
def letters_can_be_sent(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Without a mail server nobody who is invited gets in, and nobody is told."""
    smtp = settings.EMAIL_BACKEND == "django.core.mail.backends.smtp.EmailBackend"
    if settings.PRODUCTION and smtp and not settings.EMAIL_HOST:
        return [Error("PORTAL_SMTP_HOST mangler: invitasjoner og nye passord kan ikke sendes.", id="portal.E003")]
    return []


@register(Tags.security)
def scanner_has_an_address(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """An address that leads nowhere would refuse every upload, one at a time."""
    try:
        if settings.PORTAL_CLAMD:
            place_of(settings.PORTAL_CLAMD)
    except ImproperlyConfigured as wrong:
        return [Error(str(wrong), id="portal.E005")]
    return []


@register(Tags.security)
def identity_providers_are_whole(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """A provider of electronic identity that is half set up is a button that fails, or a door nobody knows of."""
    return [Error(problem, id="portal.E004") for problem in settings.EID_PROBLEMS]


@register(Tags.database)
def owns_nothing(app_configs: Any, databases: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """The web and the workers connect as a role that rules nothing and owns nothing."""
    if not databases or settings.AS_OWNER:
        return []
    with connection.cursor() as cursor:
        mighty = too_mighty(cursor)
    if mighty:
        return [Error("Databasebrukeren kan omgå tilgangsstyringen. Bruk rollen portal_web.", id="portal.E002")]
    return []


def too_mighty(cursor: Any) -> bool:
    """Whether who is connected (or the role it acts in) is superuser, bypasses row-level security, or owns a table or
    belongs to a role that does: nothing the portal's policies say would bind it."""
    cursor.execute(
        "SELECT EXISTS (SELECT FROM pg_roles r WHERE r.rolname IN (session_user, current_user)"
        " AND (r.rolsuper OR r.rolbypassrls)) OR EXISTS (SELECT FROM pg_class c JOIN pg_namespace n"
        " ON n.oid = c.relnamespace WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')"
        " AND (pg_has_role(session_user, c.relowner, 'MEMBER')))"
    )
    (found,) = cursor.fetchone()
    return bool(found)
