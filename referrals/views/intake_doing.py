"""What intake does with a referral, each a small page: receive, assign, ask, send on, urgency, decide, begin."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.answering import PortalRequest, attempt, posted
from portal.htmx import redirect, respond
from referrals import intake_page
from referrals.actions.correct import mark_decision_wrong, mark_receipt_wrong
from referrals.actions.decide import complaint_words, decide
from referrals.actions.information import ask_for_information
from referrals.actions.intake import assign_reviewer, change_urgency, receive, redirect_referral
from referrals.actions.treatment import mark_treatment_wrong, record_treatment_start
from referrals.forms.assess import WrongForm
from referrals.forms.intake import (
    AskForm,
    AssignForm,
    DecisionForm,
    ElsewhereForm,
    ReceiveForm,
    RedirectForm,
    UrgencyForm,
    valid_outcome,
)
from referrals.forms.treatment import TreatmentForm
from referrals.intake_reading import Intake, reviewers_of
from referrals.models import IntakeDecision, Referral
from referrals.states import WITH_HOSPITAL
from referrals.views.intake import at_department

HERE = "referrals:intake_referral"


@at_department("intake.receive")
def intake_receive(request: PortalRequest, found: Intake) -> HttpResponse:
    """When the hospital received it."""
    form = ReceiveForm(posted(request), edition=found.edition)
    if request.method == "POST" and form.is_valid():
        done = attempt(request, form, receive, referral=found.referral, by=request.actor, **form.cleaned_data)
        if done is not None:
            messages.success(request, _("Mottaket er registrert. Fristen løper."))
            return redirect(request, HERE, found.referral.pk)
    return _form_page(request, found, form, _("Registrer mottak"), _("Registrer"))


@at_department("intake.assign")
def intake_assign(request: PortalRequest, found: Intake) -> HttpResponse:
    """Who reviews it."""
    reviewers = reviewers_of(request.actor, timezone.localdate())
    form = AssignForm(posted(request), reviewers=reviewers, initial={"reviewer": found.referral.reviewer_id})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if attempt(request, form, assign_reviewer, referral=found.referral, by=request.actor, **given):
            messages.success(request, _("Henvisningen er fordelt."))
            return redirect(request, HERE, found.referral.pk)
    return _form_page(request, found, form, _("Fordel henvisningen"), _("Fordel"))


@at_department("intake.ask")
def intake_ask(request: PortalRequest, found: Intake) -> HttpResponse:
    """The exact contributor, for the exact section; the clock goes on."""
    due = intake_page.answer_by(found, timezone.localdate())
    form = AskForm(posted(request), targets=intake_page.targets(found), initial={"due_on": due})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        asked = intake_page.target_of(found, given["target"])
        words = {"question": given["question"], "due_on": given["due_on"]}
        if attempt(request, form, ask_for_information, referral=found.referral, by=request.actor, **asked, **words):
            messages.success(request, _("Spørsmålet er sendt. Fristen for vurderingen løper videre."))
            return redirect(request, HERE, found.referral.pk)
    lead = _("Klokka går mens dere venter. En mangel er ikke grunn til å la være å vurdere.")
    return _form_page(request, found, form, _("Spør om mer"), _("Send spørsmålet"), lead=lead)


@at_department("intake.redirect")
def intake_redirect(request: PortalRequest, found: Intake) -> HttpResponse:
    """To another department, with the first date."""
    form = RedirectForm(posted(request), edition=found.edition, departments=intake_page.departments(found))
    if request.method == "POST" and form.is_valid():
        to = form.cleaned_data["to"]
        done = attempt(
            request, form, redirect_referral, referral=found.referral, to=to, reason=form.reason, by=request.actor
        )
        if done is not None:
            messages.success(request, _("Henvisningen er sendt videre til %(name)s.") % {"name": to.name})
            return redirect(request, "referrals:intake")
    lead = _("Avdelingen får henvisningen med det samme. Dere ser etterpå bare at dere sendte den videre.")
    return _form_page(request, found, form, _("Send videre til en annen avdeling"), _("Send videre"), lead=lead)


@at_department("intake.change_urgency")
def intake_urgency(request: PortalRequest, found: Intake) -> HttpResponse:
    """Another urgency, with a reason."""
    form = UrgencyForm(posted(request), edition=found.edition, current=found.referral.urgency)
    if request.method == "POST" and form.is_valid():
        urgency = form.cleaned_data["urgency"]
        given = {"urgency": urgency, "reason": form.reason}
        if attempt(request, form, change_urgency, referral=found.referral, by=request.actor, **given):
            messages.success(request, _("Hastegraden er endret. Den som henviste, får beskjed."))
            return redirect(request, HERE, found.referral.pk)
    lead = _("Nå: %(urgency)s. Er det øyeblikkelig hjelp, skal vakten ringes.") % {
        "urgency": Referral.Urgency(found.referral.urgency).label
    }
    return _form_page(request, found, form, _("Endre hastegrad"), _("Endre hastegrad"), lead=lead)


@at_department("intake.decide")
def intake_decide(request: PortalRequest, found: Intake) -> HttpResponse:
    """First the outcome, then only what belongs to it."""
    outcome = valid_outcome(request.GET.get("utfall", ""))
    if not outcome:
        context = {**intake_page.frame(found), "outcomes": _outcomes(found), "guidance": _guidance(found)}
        return _moved_on(request, found) or respond(request, "referrals/intake_outcomes.html", None, context)
    today = timezone.localdate()
    age = found.referral.case.child.age_on(today)
    form = DecisionForm(posted(request), edition=found.edition, outcome=outcome, age=age)
    if "treatment_deadline" in form.fields:
        form.fields["treatment_deadline"].help_text = intake_page.treatment_help(found, today)
    if request.method == "POST" and form.is_valid():
        made = attempt(
            request, form, decide, referral=found.referral, outcome=outcome, by=request.actor, **form.values()
        )
        if made:
            return _decided(request, found)
    more = {
        "complaint": complaint_words(found.edition) if outcome == IntakeDecision.Outcome.NO_RIGHT else "",
        "back_url": reverse("referrals:intake_decide", args=[found.referral.pk]),
        "guidance": _guidance(found),
    }
    title = str(IntakeDecision.Outcome(outcome).label)
    return _form_page(request, found, form, title, _("Registrer avgjørelsen"), **more)


@at_department("intake.decide")
def intake_elsewhere(request: PortalRequest, found: Intake) -> HttpResponse:
    """A decision made in the hospital's own system, noted here; with the receipt when nobody has registered it."""
    received = found.referral.state != Referral.State.SENT
    form = ElsewhereForm(posted(request), edition=found.edition, received=received)
    if request.method == "POST" and form.is_valid():
        given = {**form.cleaned_data, "made_elsewhere": True}
        if attempt(request, form, decide, referral=found.referral, by=request.actor, **given):
            return _decided(request, found)
    lead = _("Sykehusets eget system er fasiten. Her noterer du bare hva som er avgjort, så kommunen får vite det.")
    return _form_page(request, found, form, _("Avgjort i sykehusets eget system"), _("Registrer"), lead=lead)


@at_department("intake.start_treatment")
def intake_treatment(request: PortalRequest, found: Intake) -> HttpResponse:
    """When the help that was decided began."""
    form = TreatmentForm(posted(request))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if attempt(request, form, record_treatment_start, referral=found.referral, by=request.actor, **given):
            messages.success(request, _("Behandlingsstarten er registrert. Henviser og stafettholder får vite det."))
            return redirect(request, HERE, found.referral.pk)
    if request.method != "POST" and not intake_page.can_start(found):
        messages.info(request, _("Det er ikke noe å registrere om behandlingsstart nå."))
        return redirect(request, HERE, found.referral.pk)
    lead = _("Fristene for helsehjelpen slutter å løpe fra denne dagen.")
    title = _("Behandlingen startet")
    return _form_page(request, found, form, title, _("Registrer"), lead=lead, open_page=True)


@at_department("intake.correct")
def intake_wrong_treatment(request: PortalRequest, found: Intake) -> HttpResponse:
    """The start of treatment was recorded wrongly: the dates run again, and it can be recorded anew."""
    lead = _("Behandlingsstarten blir stående i historikken, overstrøket. Fristene for helsehjelpen løper igjen til "
             "dere registrerer den på nytt.")  # fmt: skip
    return _wrong(request, found, mark_treatment_wrong, _("Feilregistrert behandlingsstart?"), lead)


@at_department("intake.correct")
def intake_wrong_decision(request: PortalRequest, found: Intake) -> HttpResponse:
    """The decision was recorded wrongly: the referral is to be decided again."""
    lead = _("Avgjørelsen blir stående i historikken, overstrøket. Fristen løper igjen fra første mottak, og alle som "
             "fikk utfallet, får vite at det var feil.")  # fmt: skip
    return _wrong(request, found, mark_decision_wrong, _("Feilregistrert avgjørelse?"), lead)


@at_department("intake.correct")
def intake_wrong_receipt(request: PortalRequest, found: Intake) -> HttpResponse:
    """The receipt was recorded wrongly: it is to be recorded again, with the right date."""
    lead = _("Mottaket blir stående i historikken, overstrøket. Registrer det på nytt med riktig dato etterpå.")
    return _wrong(request, found, mark_receipt_wrong, _("Feilregistrert mottak?"), lead)


def _wrong(request: PortalRequest, found: Intake, action: Callable[..., bool], title: str, lead: str) -> HttpResponse:
    form = WrongForm(posted(request))
    if request.method == "POST" and form.is_valid():
        done = attempt(request, form, action, referral=found.referral, by=request.actor, **form.cleaned_data)
        if done is not None:
            messages.success(request, _("Det er markert som feilregistrert."))
            return redirect(request, HERE, found.referral.pk)
    confirm = _("Marker som feilregistrert")
    return _form_page(request, found, form, title, confirm, lead=lead, open_page=True)


def _outcomes(found: Intake) -> list[dict[str, Any]]:
    help_texts = {
        "right": _("Med dato for når helsehjelpen senest skal starte."),
        "no_right": _("Med begrunnelse, råd til kommunen og hvordan det kan klages."),
        "not_assessable": _("Bare når det som mangler, ikke lar seg skaffe i tide."),
    }
    here = reverse("referrals:intake_decide", args=[found.referral.pk])
    return [
        {"label": label, "text": help_texts[value], "url": f"{here}?utfall={value}"}
        for value, label in IntakeDecision.Outcome.choices
    ]


def _guidance(found: Intake) -> Any:
    return found.edition.guidance_for("page.decision")


def _decided(request: PortalRequest, found: Intake) -> HttpResponse:
    messages.success(request, _("Avgjørelsen er registrert. Henviser, fastlege og stafettholder får vite utfallet."))
    return redirect(request, HERE, found.referral.pk)


def _moved_on(request: PortalRequest, found: Intake) -> HttpResponse | None:
    """An open page of a referral that is withdrawn or decided has nothing to do: back to what it is now."""
    if found.referral.state in WITH_HOSPITAL or request.method == "POST":
        return None
    messages.info(request, _("Henvisningen er avgjort eller trukket, så det er ikke mer å gjøre her."))
    return redirect(request, HERE, found.referral.pk)


def _form_page(
    request: PortalRequest, found: Intake, form: forms.Form, title: str, confirm: str, **more: Any
) -> HttpResponse:
    context = {
        **intake_page.frame(found),
        "form": form,
        "title": title,
        "confirm_label": confirm,
        "lead": "",
        "complaint": "",
        "guidance": None,
        "back_url": reverse(HERE, args=[found.referral.pk]),
        **more,
    }
    open_page = context.pop("open_page", False)
    context["crumbs"] = [*context["crumbs"], (context["reference"], reverse(HERE, args=[found.referral.pk]))]
    status = 422 if form.errors else 200
    moved_on = None if open_page else _moved_on(request, found)
    return moved_on or respond(request, "referrals/intake_form.html", None, context, status=status)
