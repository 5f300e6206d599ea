"""Forms of intake: receipt, reviewer, question, redirect, urgency, decision; and the answer of the service asked."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from guideline.deadlines import in_words
from guideline.schema import Edition
from portal.forms import DateField, PortalForm
from portal.models import Membership, Service
from referrals.actions.decide import codes_of
from referrals.clock import RULE as CLOCK
from referrals.models import IntakeDecision, Referral

Outcome = IntakeDecision.Outcome
# The code in the edition's lists of reasons that needs words of its own.
OTHER = "other"


class ReceiveForm(PortalForm):
    """When the hospital received it; the clock runs from this date."""

    received_on = DateField(
        label=_("Mottatt dato"),
        help_text=_("Dag.måned.år. Bruk datoen i sykehusets eget system. Fristen for vurdering regnes fra den."),
    )

    def __init__(self, *args: Any, edition: Edition, **kwargs: Any) -> None:
        kwargs["initial"] = {"received_on": timezone.localdate(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self.fields["received_on"].help_text = now_(
            "Dag.måned.år. Bruk datoen i sykehusets eget system. Fristen for vurdering er %(rule)s."
        ) % {"rule": in_words(edition.deadlines[CLOCK])}


class PersonChoice(forms.ModelChoiceField):
    """A membership by its person and role."""

    def label_from_instance(self, obj: Membership) -> str:
        """«Kari Nordmann, behandler»."""
        return f"{obj.user.name}, {obj.get_role_display().lower()}"


class AssignForm(PortalForm):
    """Who reviews it."""

    reviewer = PersonChoice(
        label=_("Hvem skal vurdere henvisningen?"),
        queryset=Membership.objects.none(),
        required=False,
        widget=forms.RadioSelect,
        empty_label=_("Ingen bestemt, den ligger til alle i inntaket"),
        help_text=_("Oppgaven flyttes til innboksen til den du velger."),
    )
    mark_optional = False

    def __init__(self, *args: Any, reviewers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose_among(self, "reviewer", reviewers)


class AskForm(PortalForm):
    """Whom to ask about which part of what they wrote, and what."""

    target = forms.ChoiceField(
        label=_("Hvem spør dere, og om hva?"),
        help_text=_("Spørsmålet går rett til den som skrev. De ser bare spørsmålet og sin egen tekst."),
    )
    question = forms.CharField(
        label=_("Spørsmål"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=5000,
        help_text=_("Spør om én ting av gangen, så får dere svar fortere."),
    )
    due_on = DateField(label=_("Svar innen"), help_text=_("Dag.måned.år. Fristen for vurderingen løper imens."))

    def __init__(self, *args: Any, targets: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self, "target", [("", _("Velg")), *targets])


class ReasonedForm(PortalForm):
    """A reason of the edition's list, and more in words where needed."""

    code = forms.ChoiceField(label=_("Hvorfor?"), widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("Mer om grunnen"), required=False, widget=forms.Textarea(attrs={"rows": 3}), max_length=2000
    )

    def __init__(self, *args: Any, edition: Edition, listed: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.labels = dict(edition.choices(listed))
        _choose(self, "code", list(self.labels.items()))

    def clean(self) -> dict[str, Any]:
        """«Annen grunn», in an edition that has it, says nothing by itself."""
        given = super().clean() or {}
        if given.get("code") == OTHER and not given.get("note", "").strip() and "note" not in self.errors:
            self.add_error("note", _("Skriv grunnen."))
        return given

    @property
    def reason(self) -> str:
        """The reason as one text."""
        label, note = self.labels.get(self.cleaned_data["code"], ""), self.cleaned_data["note"].strip()
        return f"{label}. {note}" if note else label


class ServiceChoice(forms.ModelChoiceField):
    """A service by its name."""

    def label_from_instance(self, obj: Service) -> str:
        """The name."""
        return obj.name


class RedirectForm(ReasonedForm):
    """Which department it goes to, and why."""

    field_order = ("to", "code", "note")
    to = ServiceChoice(
        label=_("Hvilken avdeling skal ha henvisningen?"),
        queryset=Service.objects.none(),
        empty_label=_("Velg avdeling"),
        help_text=_("Fristen regnes fortsatt fra første mottak."),
    )

    def __init__(self, *args: Any, departments: Any, **kwargs: Any) -> None:
        super().__init__(*args, listed="redirected", **kwargs)
        _choose_among(self, "to", departments)


class UrgencyForm(ReasonedForm):
    """The other urgency, and why."""

    field_order = ("urgency", "code", "note")
    urgency = forms.ChoiceField(label=_("Ny hastegrad"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, current: str, **kwargs: Any) -> None:
        others = [(value, label) for value, label in Referral.Urgency.choices if value != current]
        kwargs["initial"] = {"urgency": others[0][0] if len(others) == 1 else "", **(kwargs.get("initial") or {})}
        super().__init__(*args, listed="urgency_changed", **kwargs)
        _choose(self, "urgency", others)


class DecisionForm(PortalForm):
    """One outcome, chosen on the page before: only the fields that belong to it, with texts one may use as they are."""

    decided_on = DateField(label=_("Vurdert dato"))
    treatment_deadline = DateField(label=_("Helsehjelpen skal senest starte"))
    code = forms.ChoiceField(label=_("Kode"))
    why = forms.ChoiceField(label=_("Hovedgrunn"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Begrunnelse"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=10_000,
        help_text=_("Leses av den som henviste, og av kommunen."),
    )
    advice = forms.CharField(
        label=_("Råd til kommunen"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=10_000,
        help_text=_("Hva kan kommunen gjøre nå, og når bør den ta kontakt igjen?"),
    )
    family_message = forms.CharField(
        label=_("Melding til familien"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=5000,
        help_text=_("I klart språk. Stafettholderen gir den videre. Endre forslaget så det passer."),
    )

    def __init__(
        self, *args: Any, edition: Edition, outcome: str, age: int | None, family_knows: bool = True, **kwargs: Any
    ) -> None:
        words = family_suggestion(outcome, age, edition) if family_knows else ""
        suggested = {"decided_on": timezone.localdate(), "family_message": words}
        kwargs["initial"] = {**suggested, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        if not family_knows:
            self.fields["family_message"].help_text = now_(
                "Familien er ikke informert. La feltet stå tomt hvis ikke noe annet er avtalt med stafettholderen."
            )
        codes = codes_of(edition, outcome)
        _choose(self, "code", codes)
        if len(codes) == 1:
            del self.fields["code"]
        if outcome != Outcome.RIGHT:
            del self.fields["treatment_deadline"]
        self.reasons = dict(edition.choices(outcome)) if outcome in edition.codes else {}
        if self.reasons:
            _choose(self, "why", list(self.reasons.items()))
            self.fields["reason"].required = False
        else:
            del self.fields["why"]

    def clean(self) -> dict[str, Any]:
        """«Annen grunn» says nothing by itself."""
        given = super().clean() or {}
        if given.get("why") == OTHER and not given.get("reason", "").strip() and "reason" not in self.errors:
            self.add_error("reason", _("Skriv begrunnelsen."))
        return given

    def values(self) -> dict[str, Any]:
        """The arguments of ``decide`` that the form gives."""
        given = dict(self.cleaned_data)
        why = self.reasons.get(given.pop("why", ""), "")
        given["reason"] = ". ".join(part for part in (why, given["reason"].strip()) if part)
        return given


class ElsewhereForm(PortalForm):
    """A decision made in the hospital's own system, recorded here in under a minute."""

    outcome = forms.ChoiceField(label=_("Utfall"), choices=Outcome.choices, widget=forms.RadioSelect)
    code = forms.ChoiceField(label=_("Kode"), required=False)
    received_on = DateField(label=_("Mottatt dato"))
    decided_on = DateField(label=_("Vurdert dato"))
    treatment_deadline = DateField(
        label=_("Helsehjelpen skal senest starte"),
        required=False,
        help_text=_("Dag.måned.år. Må fylles ut når barnet har rett til helsehjelp."),
    )
    reason = forms.CharField(label=_("Begrunnelse"), widget=forms.Textarea(attrs={"rows": 3}), max_length=10_000)
    advice = forms.CharField(
        label=_("Råd til kommunen"), required=False, widget=forms.Textarea(attrs={"rows": 3}), max_length=10_000
    )
    family_message = forms.CharField(
        label=_("Melding til familien"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=5000,
        help_text=_("I klart språk. La den stå tom hvis familien får brev fra sykehuset."),
    )

    def __init__(self, *args: Any, edition: Edition, received: bool, **kwargs: Any) -> None:
        day = timezone.localdate()
        reason = now_("Begrunnelsen står i vedtaket i sykehusets eget system.")
        kwargs["initial"] = {"decided_on": day, "received_on": day, "reason": reason, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        if received:
            del self.fields["received_on"]
        # A code is asked for only where an outcome has several; otherwise the outcome says it.
        self.codes = {value: dict(codes_of(edition, value)) for value in Outcome.values}
        several = [(Outcome(value).label, list(codes.items())) for value, codes in self.codes.items() if len(codes) > 1]
        _choose(self, "code", [("", now_("Velg")), *several])
        if not several:
            del self.fields["code"]

    def clean(self) -> dict[str, Any]:
        """A right has its date, and an outcome with several codes the one it was."""
        given = super().clean() or {}
        codes = self.codes.get(given.get("outcome", ""), {})
        if len(codes) > 1 and given.get("code", "") not in codes and "code" not in self.errors:
            self.add_error("code", _("Velg koden som hører til utfallet."))
        elif len(codes) == 1:
            given["code"] = ""
        right = given.get("outcome") == Outcome.RIGHT
        if right and not given.get("treatment_deadline") and "treatment_deadline" not in self.errors:
            self.add_error("treatment_deadline", _("Oppgi fristen for når helsehjelpen senest skal starte."))
        return given


class AnswerForm(PortalForm):
    """The answer of the service asked."""

    answer = forms.CharField(
        label=_("Svar"),
        widget=forms.Textarea(attrs={"rows": 8}),
        max_length=20_000,
        help_text=_("Skriv bare det som svarer på spørsmålet. Svaret blir en del av henvisningen."),
    )


def family_suggestion(outcome: str, age: int | None, edition: Edition) -> str:
    """Words to the family one may use as they are; to the young person who decides about the own health, where one
    does (edition)."""
    young = age is not None and age >= edition.consent.age_for("health")
    who = now_("Du") if young else now_("Barnet deres")
    texts = {
        Outcome.RIGHT: now_(
            "Vi har lest henvisningen. %(who)s har rett til hjelp hos oss. Vi tar kontakt om når og hvor."
        ),
        Outcome.NO_RIGHT: now_(
            "Vi har lest henvisningen. %(who)s har ikke rett til hjelp på sykehuset nå. Kommunen har fått svaret vårt, "
            "og stafettholderen kan fortelle hva som skjer videre. Dere kan klage på avgjørelsen."
        ),
        Outcome.NOT_ASSESSABLE: now_(
            "Vi har lest henvisningen, men vet ikke nok til å svare. Stafettholderen tar kontakt om hva som mangler."
        ),
    }
    return str(texts.get(Outcome(outcome), "")) % {"who": who} if outcome in texts else ""


def valid_outcome(value: str) -> str:
    """The outcome named in an address, or an empty string."""
    return value if value in Outcome.values else ""


def _choose(form: forms.Form, name: str, choices: Sequence[Any]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices


def _choose_among(form: forms.Form, name: str, rows: "QuerySet[Any]") -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = rows
