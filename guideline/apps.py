"""The guideline app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GuidelineConfig(AppConfig):
    """Editions, deadline rules, working days and compliance."""

    name = "guideline"
    verbose_name = _("Retningslinje")

    def ready(self) -> None:
        """Register the system checks and the entry of the main navigation."""
        from django.core.checks import register

        from guideline import checks
        from guideline.page_help import add_help
        from portal.shell import NavItem, add_nav

        for check in (checks.editions_are_valid, checks.obligations_have_evidence, checks.sections_have_addresses):
            register(check, "guideline")
        add_nav(NavItem(order=80, url_name="guideline:page", label=_("Retningslinje"), icon="Book"))
        add_help(
            "guideline",
            page=_("Dette er retningslinjen portalen følger: hva som skal gjøres, av hvem og innen når."),
            obligation=_("Dette ber retningslinjen om i ett av stegene, og dette regner portalen som gjort."),
        )
        # The platform knows no guideline, and says no help of its own.
        add_help(
            "portal",
            user_reset=_("Har noen mistet det de logger inn med, nullstiller du her. Vær sikker på hvem som spør."),
        )
