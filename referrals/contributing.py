"""The contributor's page as data: what they need and no more, and the saving of everything that was typed."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from cases.models import Scope
from cases.sharing import SharingFacts
from portal.answering import Invalid
from portal.context import Actor, as_job
from portal.rights import can
from portal.states import MovedOn
from referrals.access import attachments_of
from referrals.actions.conflict import TextConflict
from referrals.actions.decide import sent_contributions
from referrals.actions.turn import AWAITED
from referrals.actions.write import save_section
from referrals.asking import basis_for_asking
from referrals.forms.contribution import TEXT, ContributionForm
from referrals.in_case import ANSWERS
from referrals.models import Contribution
from referrals.outcome_reading import outcome_for
from referrals.request_reading import questions_to
from referrals.states import BEING_MADE, OPEN, WITH_HOSPITAL


def save_sections(form: ContributionForm, *, by: Actor) -> bool:
    """Saves each section that was sent and is valid, whatever happened to the others. True when all went well.

    Not inside a savepoint: the text that loses to another's is kept on the server and must stay (``save_section``).
    """
    valid = form.is_valid()
    for section in form.sent():
        text, version = form.text_of(section), form.version_of(section)
        try:
            saved = save_section(section=section, text=text, version=version, by=by, page=form.page)
            form.saved[section.key] = saved.version
        except TextConflict as conflict:
            form.set_conflict(section, conflict, text)
        except MovedOn as late:
            if late.message not in form.non_field_errors():
                form.add_error(None, late.message)
        except Invalid as invalid:
            form.add_error(TEXT + section.key, " ".join(invalid.errors.values()))
    return valid and not form.errors and not form.conflicts


def _waits_for_version(contribution: Contribution) -> bool:
    """Whether it came after the newest version that was sent. One statement where it came after the sending."""
    sent_at, came_at = contribution.referral.sent_at, contribution.submitted_at
    if sent_at is None or came_at is None or came_at <= sent_at:
        return False
    return contribution.referral.snapshots.latest("version").frozen_at < came_at


def page_context(contribution: Contribution, form: ContributionForm, actor: Actor) -> dict[str, Any]:
    """What the page shows: the child's name and birth date, who asks, what, until when, and on what basis.

    Six to eight statements, however many sections and attachments.
    """
    now = timezone.now()
    referral = contribution.referral
    case = referral.case
    with as_job():
        # Of the referral that was sent the writer is shown nothing but what became of their own part, and the outcome
        # where consent covers it.
        facts = SharingFacts(case)
        basis = basis_for_asking(facts, contribution.service, now)
        late = _waits_for_version(contribution)
        decided = contribution.state == "submitted" and referral.state == "decided"
        used = decided and str(contribution.pk) in sent_contributions(referral)
        outcome = outcome_for(contribution, facts, now) if basis.allowed else None
    edition = facts.edition
    template = edition.contributions.get(contribution.template)
    open_to_write = contribution.state in AWAITED and referral.state in OPEN
    declined = edition.code("contribution_declined", contribution.decline_code).label
    return {
        "edition": edition,
        "contribution": contribution,
        "referral": referral,
        "case": case,
        "child": case.child,
        "holder": case.holder,
        "template": template,
        "form": form,
        "rows": form.rows(),
        "basis": basis,
        # Where nothing lets the service share any more, it reads its own text, and not whom it is about or who has it.
        "known": Scope.CASE in contribution.scopes or (basis.allowed and contribution.state != "cancelled"),
        "category": edition.consent.categories.get(contribution.category),
        "attachments": attachments_of(contribution),
        "answers": ANSWERS,
        "writing": open_to_write and can(actor, "contribution.write", contribution),
        "declining": open_to_write and can(actor, "contribution.decline", contribution),
        "reopenable": contribution.state in {"submitted", "declined"}
        and referral.state in BEING_MADE
        and can(actor, "contribution.write", contribution),
        "being_made": referral.state in BEING_MADE,
        "with_hospital": referral.state in WITH_HOSPITAL,
        "withdrawn": referral.state == "withdrawn",
        "late": late,
        "has_text": any(section.text for section in form.sections),
        "questions": questions_to(contribution) if referral.state in WITH_HOSPITAL else [],
        "decided": referral.state == "decided",
        "used": used,
        "outcome": outcome,
        "declined_label": declined if contribution.decline_code else "",
        "guidance": edition.guidance_for("page.contribution"),
        "in_case": Scope.CASE in contribution.scopes,
        "page_title": template.title if template else _("Bidrag til henvisning"),
    }
