"""Entries that are wrong are marked *feilregistrert* with who, when and why; nothing is deleted."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.models import User


class Correctable(models.Model):
    """Fields of an entry that can be marked as entered in error (feilregistrert)."""

    error_at = models.DateTimeField(null=True, editable=False)
    error_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", editable=False)
    error_reason = models.CharField(_("hvorfor feilregistrert"), max_length=300, blank=True)

    class Meta:
        abstract = True

    @property
    def in_error(self) -> bool:
        """Whether the entry has been marked as wrong."""
        return self.error_at is not None
