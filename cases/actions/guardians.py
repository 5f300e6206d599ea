"""Guardians (foresatte), and the facts about the child that decide who consents."""

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from cases.casework import case_work
from cases.models import Case, Category, Child, Guardian
from cases.renewals import keep_renewals
from cases.repeats import just_recorded
from portal import audit
from portal.access import Stranger
from portal.answering import Invalid
from portal.context import Actor
from portal.rights import check
from portal.states import MovedOn, lock, said_already
from portal.timeframe import today


@dataclass(frozen=True, kw_only=True)
class GuardianDetails:
    """What is recorded about a guardian. Parental responsibility and daily care are separate facts.

    ``blocked``: must see nothing and is not asked. ``mandate_*``: for a verge, or next of kin of an adult; without
    categories it is the whole mandate.
    """

    name: str
    relation: str
    parental_responsibility: bool = False
    daily_care: bool = False
    phone: str = ""
    email: str = ""
    address: str = ""
    interpreter_language: str = ""
    contact_hidden: bool = False
    blocked: bool = False
    mandate_categories: tuple[str, ...] = ()
    mandate_from: dt.date | None = None
    mandate_until: dt.date | None = None

    def columns(self) -> dict[str, Any]:
        """The values by column of ``Guardian``."""
        return asdict(self) | {"mandate_categories": list(self.mandate_categories)}


CAPACITY = (
    "care_taken_over_on", "lacks_capacity_reason", "lacks_capacity_assessed_by", "lacks_capacity_on",
    "lacks_capacity_categories",
)  # fmt: skip


def version_of(recorded: Guardian | Child) -> str:
    """A mark of what is recorded of a guardian, or of who decides for a child, when a form is opened: two people who
    edit at once must not undo each other unseen."""
    names = CAPACITY if isinstance(recorded, Child) else tuple(GuardianDetails.__dataclass_fields__)
    text = "\x1f".join(str(getattr(recorded, name)) for name in names)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def add_guardian(*, case: Case, details: GuardianDetails, by: Actor, now: dt.datetime | None = None) -> Guardian:
    """Records a guardian of the case's child; who decides is worked out again. The same twice in a moment is one.

    Raises ``Denied``, ``Invalid``, and ``MovedOn`` when it was recorded a moment ago with other facts.
    """
    now = now or timezone.now()
    check(by, "case.manage_guardians", case)
    assert by.user is not None
    _validate(details)
    with case_work(case, by=by, now=now) as case:
        again = just_recorded(Guardian, by=by, now=now, child=case.child, name=details.name, relation=details.relation)
        if again and said_already(again, details.columns()):
            return again
        if again:
            raise MovedOn(_("Du har nettopp registrert denne foresatte, med andre opplysninger. Endre den i stedet."))
        guardian = Guardian.objects.create(child=case.child, recorded_at=now, recorded_by=by.user, **details.columns())
        audit.record(by, "guardian.added", guardian, case_id=case.pk, child_id=case.child_id, now=now)
        keep_renewals(case, by=by, now=now)
    return guardian


def change_guardian(
    *,
    case: Case,
    guardian: Guardian,
    details: GuardianDetails,
    version: str,
    by: Actor,
    now: dt.datetime | None = None,
) -> Guardian:
    """Changes what is recorded; the log tells which facts, access follows at once.

    Raises ``Stranger`` for another child's guardian, ``MovedOn`` when marked wrong or changed since ``version``.
    """
    now = now or timezone.now()
    check(by, "case.manage_guardians", case)
    assert by.user is not None
    _validate(details)
    with case_work(case, by=by, now=now) as case:
        guardian = lock(guardian)
        if guardian.child_id != case.child_id:
            raise Stranger()
        if guardian.in_error:
            raise MovedOn(_("Den foresatte er feilregistrert og kan ikke endres. Registrer på nytt."))
        changed = sorted(name for name, value in details.columns().items() if getattr(guardian, name) != value)
        if changed and version != version_of(guardian):
            raise MovedOn(_("Noen andre endret den foresatte mens du skrev. Se over og lagre på nytt."))
        for name in changed:
            setattr(guardian, name, details.columns()[name])
        if changed:
            guardian.save(update_fields=changed)
            detail = {"fields": changed}
            audit.record(
                by, "guardian.changed", guardian, case_id=case.pk, child_id=case.child_id, now=now, detail=detail
            )
            keep_renewals(case, by=by, now=now)
    return guardian


def set_capacity(
    *,
    case: Case,
    version: str,
    care_taken_over_on: dt.date | None,
    lacks_capacity_reason: str = "",
    lacks_capacity_assessed_by: str = "",
    lacks_capacity_on: dt.date | None = None,
    lacks_capacity_categories: Sequence[str] = (),
    by: Actor,
    now: dt.datetime | None = None,
) -> Child:
    """Records that barnevernet has taken over the care, and who found that the child lacks capacity to consent, in
    some categories or (none named) in all.

    Both change who decides at once. Raises ``Denied``, ``Invalid`` when an assessment is half told, and ``MovedOn``
    when someone else changed it since ``version``.
    """
    now = now or timezone.now()
    check(by, "case.manage_guardians", case)
    assert by.user is not None
    for field, day in (("care_taken_over_on", care_taken_over_on), ("lacks_capacity_on", lacks_capacity_on)):
        if day and day > today(now):
            raise Invalid(**{field: _("Datoen kan ikke være fram i tid.")})
    told = (lacks_capacity_reason, lacks_capacity_assessed_by, lacks_capacity_on)
    if any(told) and not all(told):
        raise Invalid(lacks_capacity_reason=_("Skriv både hvorfor, hvem som har vurdert det, og når."))
    if set(lacks_capacity_categories) - set(Category.values) or (lacks_capacity_categories and not all(told)):
        raise Invalid(lacks_capacity_categories=_("Velg temaer bare når samtykkekompetansen er vurdert."))
    with case_work(case, by=by, now=now) as case:
        child: Child = lock(case.child)
        about = sorted(set(lacks_capacity_categories))
        wanted = dict(zip(CAPACITY, (care_taken_over_on, *told, about), strict=True))
        if said_already(child, wanted):
            return child
        if version != version_of(child):
            raise MovedOn(_("Noen andre endret dette mens du skrev. Se over og lagre på nytt."))
        for name, value in wanted.items():
            setattr(child, name, value)
        child.save(update_fields=CAPACITY)
        case.child = child
        detail = {"care_taken_over": care_taken_over_on is not None, "lacks_capacity": lacks_capacity_on is not None}
        audit.record(by, "child.capacity_set", child, case_id=case.pk, child_id=child.pk, now=now, detail=detail)
        keep_renewals(case, by=by, now=now)
    return child


def _validate(details: GuardianDetails) -> None:
    if not details.name.strip():
        raise Invalid(name=_("Skriv navnet."))
    if details.mandate_from and details.mandate_until and details.mandate_until < details.mandate_from:
        raise Invalid(mandate_until=_("Mandatet kan ikke slutte før det begynner."))
    without = {Guardian.Relation.LEGAL_GUARDIAN, Guardian.Relation.CHILD_PROTECTION}
    if details.relation in without and details.parental_responsibility:
        raise Invalid(
            parental_responsibility=_(
                "En verge har et mandat, og barnevernet har omsorgen. Foreldreansvar har de ikke."
            )
        )
