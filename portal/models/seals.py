"""The seals of the audit trail: one chain per health community, each seal bound to the one before (docs/adr/0014)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class AuditSeal(models.Model):
    """One link: every event of one chain whose transaction id is from ``lo`` and below ``hi``, and their checksum.

    A chain without a community holds the events of jobs and of people without a membership. Numbers go on from one
    epoch to the next. An epoch is the life of one database cluster: a restored backup begins the next, since its
    transaction ids begin anew. Its first seal in each chain has ``closed_id`` and holds all that the seals before had
    not come to; the others hold events with ids from ``from_id`` on alone.
    """

    id = models.BigAutoField(primary_key=True)
    community_id = models.UUIDField(null=True)
    epoch = models.PositiveIntegerField()
    number = models.PositiveBigIntegerField(_("segl nr."))
    # Which columns of an event the checksum is made of, and how (portal.seals.content).
    form = models.PositiveSmallIntegerField()
    lo = models.PositiveBigIntegerField()
    hi = models.PositiveBigIntegerField()
    from_id = models.BigIntegerField()
    # In the first seal of a later epoch: the greatest event id that the epochs before had sealed, in any chain.
    closed_id = models.BigIntegerField(null=True)
    top_id = models.BigIntegerField()
    n = models.PositiveBigIntegerField(_("hendelser"))
    root = models.CharField(max_length=64)
    prev = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)
    sealed_at = models.DateTimeField(_("forseglet"))
    # The database cluster and its timeline: another one means a restored backup or a new main server.
    cluster = models.CharField(max_length=60)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("segl på loggen")
        ordering = ("community_id", "number")
        constraints = [
            # Within an epoch too, then: numbers never begin anew.
            models.UniqueConstraint(fields=["community_id", "number"], name="auditseal_once", nulls_distinct=False),
            # One seal follows another, and one alone; so also one first seal in each chain.
            models.UniqueConstraint(fields=["community_id", "prev"], name="auditseal_next", nulls_distinct=False),
            models.CheckConstraint(
                name="auditseal_first",
                condition=Q(number=1, prev="") | (Q(number__gt=1) & ~Q(prev="")),
                violation_error_message="Bare det første seglet er uten et segl før seg.",
            ),
            models.CheckConstraint(
                name="auditseal_span",
                condition=Q(hi__gte=F("lo")) | Q(closed_id__isnull=False),
                violation_error_message="Seglet slutter før det begynner.",
            ),
            models.CheckConstraint(
                name="auditseal_sha256",
                condition=Q(root__regex="^[0-9a-f]{64}$", hash__regex="^[0-9a-f]{64}$"),
                violation_error_message="Kontrollsummen må være 64 heksadesimale tegn.",
            ),
        ]

    def __str__(self) -> str:
        return f"segl {self.number}"
