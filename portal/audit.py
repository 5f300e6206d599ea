"""The audit trail: who did or saw what, in the same transaction as the thing itself (pasientjournalloven § 22)."""

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Any

from django.db import models
from django.utils import timezone

from portal.context import Actor
from portal.models import AuditEvent

PURPOSE = "samordning av tjenester"


def _event(
    actor: Actor,
    kind: str,
    verb: str,
    subject: models.Model | None,
    *,
    case_id: uuid.UUID | None,
    child_id: uuid.UUID | None,
    basis: str,
    now: dt.datetime | None,
    detail: dict[str, Any] | None,
) -> AuditEvent:
    service, organisation = actor.service, actor.organisation
    return AuditEvent(
        at=now or timezone.now(),
        kind=kind,
        verb=verb,
        user_id=actor.user.pk if actor.user else None,
        user_name=actor.name,
        hpr_number=actor.user.hpr_number if actor.user else "",
        community_id=actor.membership.community_id if actor.membership else None,
        organisation_id=organisation.pk if organisation else None,
        organisation_name=organisation.name if organisation else "",
        service_id=service.pk if service else None,
        service_name=service.name if service else "",
        role=actor.role,
        purpose=PURPOSE,
        basis=basis,
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
    now: dt.datetime | None = None,
    detail: dict[str, Any] | None = None,
) -> None:
    """Writes one event. ``verb`` is a code such as ``case.opened``; ``detail`` holds codes and counts, never text."""
    _event(actor, kind, verb, subject, case_id=case_id, child_id=child_id, basis=basis, now=now, detail=detail).save(
        force_insert=True
    )


def record_read(
    actor: Actor,
    verb: str,
    subject: models.Model | None = None,
    *,
    case_id: uuid.UUID | None = None,
    child_id: uuid.UUID | None = None,
    basis: str = "",
    detail: dict[str, Any] | None = None,
) -> None:
    """Writes that a person's data was read. One statement; the page's only write."""
    record(
        actor, verb, subject, kind=AuditEvent.Kind.READ, case_id=case_id, child_id=child_id, basis=basis, detail=detail
    )


def record_list_read(actor: Actor, verb: str, rows: Iterable[tuple[uuid.UUID, uuid.UUID | None]]) -> None:
    """Writes that a list showed these (case id, child id) pairs: one bulk insert however long the list is."""
    events = [
        _event(
            actor,
            AuditEvent.Kind.READ,
            verb,
            None,
            case_id=case,
            child_id=child,
            basis="",
            now=None,
            detail={"list": True},
        )
        for case, child in dict.fromkeys(rows)
    ]
    if events:
        AuditEvent.objects.bulk_create(events)
