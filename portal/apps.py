"""The platform app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    """People, organisations, access context, audit."""

    name = "portal"
    verbose_name = _("Plattform")

    def ready(self) -> None:
        """Registers the system checks, the rights of user administration and its place in the menu."""
        from portal import checks, navigation, policy_rules, user_rights  # noqa: F401
