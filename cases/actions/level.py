"""BTI levels (guideline § 5): changing the level with a reason, and marking the level's steps as done."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _

from cases.casework import case_work
from cases.inbox import close_tasks, end_deadlines, tell
from cases.models import Case, CaseAccess, LevelChange, LevelStepDone, Scope
from cases.remembering import remember
from cases.states import LEVEL
from guideline.editions import current_edition
from portal import audit
from portal.answering import Invalid
from portal.context import Actor, as_job
from portal.rights import check
from portal.states import MovedOn
from portal.timeframe import today


def change_level(*, case: Case, to_level: int, reason: str, by: Actor, now: dt.datetime | None = None) -> LevelChange:
    """Moves the case to level 1–3, up or down. Leaving level 0 answers its question: its task and deadline are met.

    Level 0 is left only when the guardians are informed or a reason not to is recorded (``Invalid`` otherwise), and is
    never returned to. Raises ``MovedOn`` when another person has set that level already.
    """
    now = now or timezone.now()
    check(by, "case.change_level", case)
    assert by.user is not None
    assert by.membership is not None
    with case_work(case, by=by, now=now) as case:
        source = case.level
        if source == to_level:
            latest = LevelChange.objects.filter(case=case).order_by("-changed_at", "-id").first()
            if latest is not None and latest.to_level == to_level and latest.changed_by_id == by.user.pk and to_level:
                return latest
            raise MovedOn(_("Saken er allerede på dette nivået."))
        if not LEVEL.allows(str(source), str(to_level)):
            raise Invalid(
                to_level=_("Saken kan ikke settes tilbake til nivå 0. Velg et annet nivå, eller avslutt saken.")
            )
        if not case.may_be_shared:
            raise Invalid(
                to_level=_(
                    "Informer foresatte, eller skriv hvorfor de ikke er informert, "
                    "før saken går til nivå 1 eller høyere."
                )
            )
        case.level = to_level
        case.save(update_fields=["level"])
        change = LevelChange.objects.create(
            case=case,
            from_level=source,
            to_level=to_level,
            reason=reason,
            changed_at=now,
            changed_by=by.user,
            service=by.membership.service,
        )
        # The level is a process too: its moves stand beside the others in the case's history.
        remember(case, LEVEL.name, str(to_level), by=by, now=now, from_state=str(source), reason=reason)
        if source == 0:
            close_tasks(case, "level0.decide", now=now)
            end_deadlines(case, "level0_decision", on=today(now))
        _tell_others(case, change, by=by, now=now)
        audit.record(
            by,
            "case.level_changed",
            change,
            case_id=case.pk,
            child_id=case.child_id,
            now=now,
            detail={"from": source, "to": to_level},
        )
    return change


def mark_step(
    *,
    case: Case,
    level: int,
    step: str,
    by: Actor,
    done: bool = True,
    note: str = "",
    now: dt.datetime | None = None,
) -> LevelStepDone | None:
    """Marks a step of a level (a key of the edition) as done, or takes the mark back; both stay in the history.

    A repeat changes nothing. Raises ``Invalid`` for a step the level does not have.
    """
    now = now or timezone.now()
    check(by, "case.mark_step", case)
    assert by.user is not None
    known = (
        {s.key for s in current_edition(case.community).level_steps(level, _number(case))} if 0 <= level <= 3 else set()
    )
    if step not in known:
        raise Invalid(step=_("Steget finnes ikke på dette nivået."))
    with case_work(case, by=by, now=now, access=False) as case:
        row = LevelStepDone.objects.filter(case=case, level=level, step=step, undone_at__isnull=True).first()
        if done == (row is not None):
            return row
        if row is not None:
            row.undone_at, row.undone_by = now, by.user
            row.save(update_fields=["undone_at", "undone_by"])
        else:
            row = LevelStepDone.objects.create(
                case=case, level=level, step=step, note=note, done_at=now, done_by=by.user, service=by.service
            )
        audit.record(
            by,
            "case.step_done" if done else "case.step_undone",
            row,
            case_id=case.pk,
            child_id=case.child_id,
            now=now,
            detail={"level": level, "step": step},
        )
    return row


def _number(case: Case) -> str:
    return case.municipality.municipality_number or ""


def _tell_others(case: Case, change: LevelChange, *, by: Actor, now: dt.datetime) -> None:
    """Tells the holder, and the services that are in the case now, that the level is another."""
    with as_job():
        services = set(
            CaseAccess.objects.in_force(now)
            .filter(case=case, scope=Scope.CASE, principal_kind=CaseAccess.Kind.SERVICE)
            .exclude(principal_id=by.service_id)
            .values_list("principal_id", flat=True)
        )
    detail = current_edition(case.community).level_label(change.to_level, _number(case))
    for service_id in sorted(services):
        tell(
            "level.changed",
            by=by,
            now=now,
            subject=change,
            case=case,
            service=service_id,
            url_name="cases:case",
            url_id=case.pk,
            detail=detail,
        )
