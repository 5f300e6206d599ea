"""System checks that stop start-up with a reason instead of failing later."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connection


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


@register(Tags.database)
def owns_nothing(app_configs: Any, databases: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """The web and the workers connect as a role that neither is superuser nor bypasses row-level security."""
    if not databases or settings.AS_OWNER:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT bool_or(rolsuper OR rolbypassrls) FROM pg_roles WHERE rolname IN (session_user, current_user)"
        )
        (too_mighty,) = cursor.fetchone()
    if too_mighty:
        return [Error("Databasebrukeren kan omgå tilgangsstyringen. Bruk rollen portal_web.", id="portal.E002")]
    return []
