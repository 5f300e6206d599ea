"""The app of the coordinated referral."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReferralsConfig(AppConfig):
    """Referral, contributions, consultation, intake."""

    name = "referrals"
    verbose_name = _("Henvisninger")

    def ready(self) -> None:
        """Fills the registers of the lower apps and our own."""
        from referrals import (  # noqa: F401
            departure,
            document_rules,
            emergency_panel,
            evidence,
            in_case,
            log_words,
            page_help,
            policies,
            register,
            rights,
            sent_by_us,
            sent_out,
            settling,
            treatment_reading,
        )
