"""The audit trail: who did or saw what, in the same transaction as the thing itself (pasientjournalloven § 22)."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils import timezone

from portal.context import Actor
from portal.models import AuditEvent, Role


@dataclass(frozen=True)
class Purpose:
    """What a person's data is used for: HL7's code (v3 PurposeOfUse), and its words in the log."""

    code: str
    words: str


Rows = Iterable[tuple[uuid.UUID, uuid.UUID | None]]
COORDINATION = Purpose("COC", "samordning av tjenester")
ADMINISTRATION = Purpose("HSYSADMIN", "administrasjon av tilganger")
EMERGENCY = Purpose("BTG", "hjelp i en nødsituasjon")


def _event(
    actor: Actor,
    kind: str,
    verb: str,
    subject: models.Model | None,
    *,
    case_id: uuid.UUID | None,
    child_id: uuid.UUID | None,
    basis: str = "",
    decision: str = "",
    now: dt.datetime | None = None,
    purpose: Purpose | None = None,
    detail: dict[str, Any] | None = None,
) -> AuditEvent:
    service, organisation = actor.service, actor.organisation
    if purpose is None:
        usual = ADMINISTRATION if actor.has_role(Role.USER_ADMINISTRATOR) else COORDINATION
        purpose = EMERGENCY if basis == "emergency" else usual
    return AuditEvent(
        at=now or timezone.now(),
        kind=kind,
        verb=verb,
        user_id=actor.user.pk if actor.user else None,
        user_name=actor.name,
        hpr_number=actor.user.hpr_number if actor.user else "",
        profession=actor.user.profession if actor.user else "",
        community_id=actor.membership.community_id if actor.membership else None,
        organisation_id=organisation.pk if organisation else None,
        organisation_name=organisation.name if organisation else "",
        organisation_number=organisation.org_number if organisation else "",
        service_id=service.pk if service else None,
        service_name=service.name if service else "",
        service_kind=service.kind if service else "",
        role=actor.role,
        purpose=purpose.words,
        purpose_code=purpose.code,
        basis=basis,
        decision_ref=decision,
        subject_type=subject._meta.label_lower if subject is not None else "",
        subject_id=subject.pk if subject is not None and isinstance(subject.pk, uuid.UUID) else None,
        case_id=case_id,
        child_id=child_id,
        detail=detail or {},
    )


def record(
    actor: Actor,
    verb: str,
    subject: models.Model | None = None,
    *,
    kind: str = AuditEvent.Kind.WRITE,
    case_id: uuid.UUID | None = None,
    child_id: uuid.UUID | None = None,
    basis: str = "",
    decision: str = "",
    now: dt.datetime | None = None,
    purpose: Purpose | None = None,
    detail: dict[str, Any] | None = None,
) -> None:
    """Writes one event. ``verb`` is a code such as ``case.opened``; ``detail`` holds codes and counts, never text;
    ``decision`` is what the basis rests on, such as ``consent:<id>``. Everything else comes from the actor."""
    _event(
        actor,
        kind,
        verb,
        subject,
        case_id=case_id,
        child_id=child_id,
        basis=basis,
        decision=decision,
        now=now,
        purpose=purpose,
        detail=detail,
    ).save(force_insert=True)


def record_read(
    actor: Actor,
    verb: str,
    subject: models.Model | None = None,
    *,
    case_id: uuid.UUID | None = None,
    child_id: uuid.UUID | None = None,
    basis: str = "",
    decision: str = "",
    purpose: Purpose | None = None,
    detail: dict[str, Any] | None = None,
) -> None:
    """Writes that a person's data was read. One statement; the page's only write."""
    record(
        actor,
        verb,
        subject,
        kind=AuditEvent.Kind.READ,
        case_id=case_id,
        child_id=child_id,
        basis=basis,
        decision=decision,
        purpose=purpose,
        detail=detail,
    )


def record_list_read(actor: Actor, verb: str, rows: Rows) -> None:
    """Writes that a list showed these (case id, child id) pairs: one bulk insert however long the list is."""
    if events := _shown(actor, verb, rows):
        AuditEvent.objects.bulk_create(events)


def record_search(actor: Actor, verb: str, by: str, list_verb: str, rows: Rows) -> None:
    """Writes that a search was made, by what kind of word and never which, and whom it showed: one bulk insert."""
    searched = _event(actor, AuditEvent.Kind.SEARCH, verb, None, case_id=None, child_id=None, detail={"by": by})
    AuditEvent.objects.bulk_create([searched, *_shown(actor, list_verb, rows)])


def _shown(actor: Actor, verb: str, rows: Rows) -> list[AuditEvent]:
    return [
        _event(actor, AuditEvent.Kind.READ, verb, None, case_id=case, child_id=child, detail={"list": True})
        for case, child in dict.fromkeys(rows)
    ]
