"""The app of the network's secretariat."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NetworkConfig(AppConfig):
    """Statistics for the secretariat. It has no tables of its own."""

    name = "network"
    verbose_name = _("Nettverket")

    def ready(self) -> None:
        """Fills the registers of the lower apps and our own."""
        from network import register, rights  # noqa: F401
