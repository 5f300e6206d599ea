"""Consultation before referral (6.1.4): asked, answered, recorded, attached; the department's list."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from cases.access import Viewer, open_case
from cases.views.form_page import form_page
from guideline.editions import current_edition
from portal.access import Denied
from portal.answering import PortalRequest, attempt, posted
from portal.confirming import confirm_page
from portal.directory.lookup import receivers_for, services_in
from portal.htmx import redirect, respond
from portal.models import Organisation, Service
from portal.rights import can, check
from portal.timeframe import today
from referrals.access import referrals_of
from referrals.actions.consult import (
    answer_consultation,
    ask_department,
    attach_consultation,
    record_answer,
    record_as_department,
    record_consultation,
)
from referrals.actions.consult_wrong import mark_consultation_wrong
from referrals.consult_access import attachable_to, consultations_of, of_department, open_consultation
from referrals.consultation_places import closed_to_department
from referrals.forms.assess import WrongForm
from referrals.forms.consult import AnswerForm, AskForm, HeldForm, RecordForm, RegisterForm, age_group
from referrals.models import Consultation, Referral

LOOKS = {
    Consultation.State.ASKED: (gettext_lazy("Venter på svar"), "warning", "Clock"),
    Consultation.State.ANSWERED: (gettext_lazy("Besvart"), "success", "Checkmark"),
}


def consult_new(request: PortalRequest, case_id: uuid.UUID) -> HttpResponse:
    """Asks a department, nameless unless one says otherwise."""
    viewer = open_case(request.actor, case_id, "consultation.new")
    check(request.actor, "consultation.ask", viewer.case)
    form = AskForm(posted(request), departments=_departments(viewer), may_name=viewer.case.may_be_shared)
    if request.method == "POST" and form.is_valid():
        made = attempt(
            request, form, ask_department, case=viewer.case, department=form.department_chosen(),
            question=form.cleaned_data["question"], nameless=form.is_nameless, token=form.cleaned_data["token"],
            age_group=age_group(viewer.case.child.age_on(today())), by=request.actor,
        )  # fmt: skip
        if made:
            messages.success(request, _("Avdelingen er spurt. Svaret kommer i innboksen din."))
            return redirect(request, "referrals:section", case_id)
    return form_page(
        request, viewer, form, title=_("Drøft før henvisning"), confirm=_("Send spørsmålet"), section="referral",
        lead=_("Avdelingen ser bare spørsmålet, aldersgruppen og kommunen. Navnet ser den bare hvis dere vil det."),
        back=reverse("referrals:section", args=[case_id]),
        other_url=reverse("referrals:consult_record", args=[case_id]),
        other_label=_("Har dere allerede drøftet på telefon, i melding eller møte? Registrer det her."),
    )  # fmt: skip


def consult_record(request: PortalRequest, case_id: uuid.UUID) -> HttpResponse:
    """Records one held by phone, message or family meeting; it counts as answered."""
    viewer = open_case(request.actor, case_id, "consultation.new")
    check(request.actor, "consultation.ask", viewer.case)
    edition = current_edition(viewer.case.community)
    form = RecordForm(
        posted(request), edition=edition, departments=_departments(viewer), may_name=viewer.case.may_be_shared
    )
    if request.method == "POST" and form.is_valid():
        made = attempt(
            request, form, record_consultation, case=viewer.case, department=form.department_chosen(), talk=form.talk(),
            question=form.cleaned_data["question"], token=form.cleaned_data["token"],
            nameless=form.is_nameless, by=request.actor,
        )  # fmt: skip
        if made:
            messages.success(request, _("Drøftingen er registrert som besvart."))
            return redirect(request, "referrals:section", case_id)
    return form_page(
        request, viewer, form, title=_("Registrer en drøfting"), confirm=_("Registrer"), section="referral",
        lead=_("For drøftinger på telefon, i melding eller i møte. Det teller like mye som et svar i portalen."),
        back=reverse("referrals:section", args=[case_id]),
    )  # fmt: skip


def consultation(request: PortalRequest, consultation_id: uuid.UUID) -> HttpResponse:
    """Both sides' page: the question, the answer, and what each side can do."""
    seen = open_consultation(request.actor, consultation_id)
    found = seen.consultation
    assert request.actor.community is not None
    edition = current_edition(request.actor.community)
    open_now = found.state == Consultation.State.ASKED and not found.in_error
    answering = open_now and can(request.actor, "consultation.answer", found)
    recording = open_now and can(request.actor, "consultation.record", found)
    answer_form = AnswerForm(prefix="a", edition=edition) if answering else None
    held_form: AnswerForm | None = HeldForm(prefix="h", edition=edition) if recording else None
    if request.method == "POST":
        held = request.POST.get("do") == "held"
        check(request.actor, "consultation.record" if held else "consultation.answer", found)
        form: AnswerForm = (HeldForm if held else AnswerForm)(
            request.POST, prefix="h" if held else "a", edition=edition
        )
        if form.is_valid():
            talk = form.talk()
            if held:
                done = attempt(request, form, record_answer, consultation=found, talk=talk, by=request.actor)
            else:
                done = attempt(request, form, answer_consultation, consultation=found, answer=talk.answer,
                               answer_text=talk.answer_text, by=request.actor)  # fmt: skip
            if done is not None:
                messages.success(request, _("Svaret er registrert."))
                return redirect(request, "referrals:consultation", consultation_id)
        answer_form, held_form = (answer_form, form) if held else (form, held_form)
    context = {
        "seen": seen,
        "consultation": found,
        "edition": edition,
        "answer_label": edition.code("consultation_answer", found.answer).label if found.answer else "",
        "closed_to_department": not seen.is_department and closed_to_department(found),
        "answer_form": answer_form,
        "held_form": held_form,
        "looks": LOOKS,
        "guidance": edition.guidance_for("page.consultation"),
        "attachable": _attachable(request, seen.viewer, found),
        "may_mark_wrong": (found.case_id is not None or seen.is_department)
        and not found.in_error
        and can(request.actor, "consultation.mark_wrong", found),
        "back": _back(request, found, seen.is_department),
    }
    failed = any(form is not None and form.errors for form in (answer_form, held_form))
    return respond(request, "referrals/consultation.html", None, context, status=422 if failed else 200)


@require_POST
def consult_attach(request: PortalRequest, consultation_id: uuid.UUID) -> HttpResponse:
    """Attaches an answered consultation to a referral being made, without retyping."""
    seen = open_consultation(request.actor, consultation_id)
    chosen = next(
        (row for row in _attachable(request, seen.viewer, seen.consultation)
         if str(row.pk) == request.POST.get("referral")), None,
    )  # fmt: skip
    if chosen is None:
        raise Denied(_("Drøftingen kan ikke legges ved den henvisningen."))
    assert seen.viewer is not None
    chosen.case = seen.viewer.case
    done = attempt(
        request, None, attach_consultation, consultation=seen.consultation, referral=chosen, by=request.actor
    )
    if done is not None:
        messages.success(request, _("Drøftingen er lagt ved henvisningen."))
    return redirect(request, "referrals:section", chosen.case_id)


@require_POST
def consult_place(request: PortalRequest, case_id: uuid.UUID) -> HttpResponse:
    """Attaches one that the department recorded without a case to a referral being made in this one: the one that was
    chosen, where there are several."""
    viewer = open_case(request.actor, case_id, "consultation.attach")
    check(request.actor, "consultation.attach", viewer)
    found = next((row for row in consultations_of(viewer) if str(row.pk) == request.POST.get("consultation")), None)
    being_made = attachable_to(list(referrals_of(viewer.case)))
    asked = request.POST.get("referral") or (str(being_made[0].pk) if len(being_made) == 1 else "")
    referral = next((row for row in being_made if str(row.pk) == asked), None)
    if found is None or not being_made:
        messages.error(request, _("Det er ingen henvisning å legge drøftingen ved. Start henvisningen først."))
    elif referral is None:
        messages.error(request, _("Velg hvilken henvisning drøftingen skal legges ved."))
    else:
        referral.case = viewer.case
        if attempt(request, None, attach_consultation, consultation=found, referral=referral, by=request.actor):
            messages.success(request, _("Drøftingen er lagt ved henvisningen."))
    return redirect(request, "referrals:section", case_id)


def consult_wrong(request: PortalRequest, consultation_id: uuid.UUID) -> HttpResponse:
    """Marks a consultation as feilregistrert."""
    seen = open_consultation(request.actor, consultation_id)
    check(request.actor, "consultation.mark_wrong", seen.consultation)
    form = WrongForm(posted(request))
    back = reverse("referrals:consultation", args=[consultation_id])
    if request.method == "POST" and form.is_valid():
        done = attempt(request, form, mark_consultation_wrong, consultation=seen.consultation, by=request.actor,
                       **form.cleaned_data)  # fmt: skip
        if done:
            messages.success(request, _("Drøftingen er markert som feilregistrert."))
            return redirect(request, back)
    return confirm_page(
        request,
        form,
        title=_("Feilregistrert drøfting?"),
        lead=_("Drøftingen teller ikke lenger, men blir stående i historikken."),
        confirm=_("Marker som feilregistrert"),
        back=back,
        crumbs=[(_("Drøfting"), back)],
    )


def consultations(request: PortalRequest) -> HttpResponse:
    """The department's list: what waits for an answer, and what was answered."""
    _department(request)
    rows = of_department(request.actor)
    edition = current_edition(request.actor.community) if request.actor.community else None
    context = {
        "edition": edition,
        "waiting": [row for row in rows if row.state == Consultation.State.ASKED],
        "answered": [row for row in rows if row.state == Consultation.State.ANSWERED][:50],
        "may_register": can(request.actor, "consultation.register"),
        "guidance": edition.guidance_for("page.consultation") if edition else None,
    }
    return respond(request, "referrals/consultations.html", None, context)


def consult_register(request: PortalRequest) -> HttpResponse:
    """The department records one it gave a municipality; counted also when it ends there."""
    department = _department(request)
    check(request.actor, "consultation.register")
    assert request.actor.community is not None
    services = services_in(request.actor.community).filter(organisation__kind=Organisation.Kind.MUNICIPALITY)
    ordered = services.order_by("organisation__sort_key", "sort_key", "pk")
    edition = current_edition(request.actor.community)
    form = RegisterForm(posted(request), edition=edition, services=ordered)
    if request.method == "POST" and form.is_valid():
        made = attempt(
            request, form, record_as_department, department=department, asked_in=form.asked_in_chosen(),
            question=form.cleaned_data["question"], age_group=form.cleaned_data["age_group"], talk=form.talk(),
            token=form.cleaned_data["token"], by=request.actor,
        )  # fmt: skip
        if made:
            messages.success(request, _("Drøftingen er registrert. Tjenesten som spurte, har fått beskjed."))
            return redirect(request, "referrals:consultations")
    back = reverse("referrals:consultations")
    return confirm_page(
        request,
        form,
        title=_("Registrer en drøfting"),
        lead=_("For drøftinger på telefon, i melding eller i møte. Skriv ikke hvem barnet er."),
        confirm=_("Registrer"),
        back=back,
        crumbs=[(_("Drøftinger"), back)],
    )


def _departments(viewer: Viewer) -> list[Service]:
    """Those that take children of this age and municipality."""
    case = viewer.case
    return list(receivers_for(case.municipality, case.child.age_on(today())))


def _department(request: PortalRequest) -> Service:
    """The acting service, which must be one that is consulted."""
    service = request.actor.service
    if service is None or not service.receives_referrals or not can(request.actor, "intake.list"):
        raise Denied(_("Bare avdelinger som tar imot henvisninger, har en liste over drøftinger."))
    return service


def _attachable(request: PortalRequest, viewer: Viewer | None, found: Consultation) -> list[Referral]:
    """The referrals an answered consultation can be attached to by this person."""
    answered = found.state == Consultation.State.ANSWERED and found.referral_id is None and not found.in_error
    if viewer is None or not viewer.has_case or not answered:
        return []
    if not can(request.actor, "consultation.attach", viewer):
        return []
    return attachable_to(list(referrals_of(viewer.case)))


def _back(request: PortalRequest, found: Consultation, department: bool) -> tuple[str, str]:
    if department:
        return _("Drøftinger"), reverse("referrals:consultations")
    if found.case_id is None:
        return _("Innboks"), reverse("cases:inbox")
    return _("Henvisning"), reverse("referrals:section", args=[found.case_id])
