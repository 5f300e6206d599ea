"""The app of the case."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CasesConfig(AppConfig):
    """Child, case, consent, inbox."""

    name = "cases"
    verbose_name = _("Saker")

    def ready(self) -> None:
        """Fills the registers of the lower apps and our own."""
        from cases import (  # noqa: F401
            case_sections,
            content_register,
            evidence,
            grants,
            page_help,
            policies,
            register,
            rights,
        )
