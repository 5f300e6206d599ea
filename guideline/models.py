"""Imported editions. A stored version never changes: cases, snapshots and statistics refer to it by its hash."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from guideline.vocabulary import Status
from portal.ids import id_field
from portal.models.constraints import one_of


class EditionVersion(models.Model):
    """One version of one edition, as it was imported (append-only). ``content`` is what ``loader.content_of`` gives."""

    id = id_field()
    key = models.SlugField(_("nøkkel"), max_length=80)
    version = models.CharField(_("versjon"), max_length=40)
    community = models.ForeignKey(
        "portal.HealthCommunity", models.PROTECT, related_name="edition_versions", verbose_name=_("helsefellesskap")
    )
    title = models.CharField(_("tittel"), max_length=200)
    status = models.CharField(_("status"), max_length=10, choices=[(item.value, item.label) for item in Status])
    content = models.JSONField(_("innhold"))
    sha256 = models.CharField(_("kontrollsum"), max_length=64, unique=True)
    valid_from = models.DateField(_("gjelder fra"))
    imported_at = models.DateTimeField(_("importert"))
    # What imported it: a command has no person.
    imported_by = models.CharField(_("importert av"), max_length=120)

    class Meta:
        verbose_name = _("utgave av retningslinjen")
        verbose_name_plural = _("utgaver av retningslinjen")
        ordering = ("key", "-valid_from", "-imported_at")
        constraints = [
            models.UniqueConstraint(
                fields=["key", "version"],
                name="editionversion_once",
                violation_error_message=_("Denne versjonen av utgaven er alt importert."),
            ),
            models.CheckConstraint(
                condition=models.Q(sha256__regex=r"^[0-9a-f]{64}$"),
                name="editionversion_sha256",
                violation_error_message=_("Kontrollsummen må være 64 heksadesimale tegn."),
            ),
            one_of("editionversion", "status", [item.value for item in Status]),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.version}"
