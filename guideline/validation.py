"""What the types of ``schema`` cannot say: fixed keys are all there, references point at something, days make sense."""

from collections.abc import Callable, Iterable, Mapping

from guideline import keys
from guideline.errors import EditionError
from guideline.references import dangling
from guideline.schema import AnswerSource, Edition
from guideline.vocabulary import Direction, When

Fail = Callable[[tuple[str, ...], str], EditionError]

REFERRAL_FIELDS = ("worry", "questions", "why_specialist", "overall_assessment")
COPIED = ("child_voice", "measures", "guardians", "consent", "consultation", "attachments", "missing")
GUARDIAN_FACTS = ("parental_responsibility", "daily_care", "child_protection_role")
CASE_FACTS = ("interpreter", "siblings", "contacts", "plan", "measures")
WHOLE_SOURCES = ("consent", "child_voice", "measures", "consultation")


def validate(edition: Edition, fail: Fail) -> None:
    """Raise the first error found in what an edition says as a whole."""
    _fixed_keys(edition, fail)
    for path, key, where in dangling(edition):
        raise fail(path, f"viser til «{key}», som ikke finnes i {where}")
    _days(edition, fail)
    _ladders(edition, fail)
    _templates(edition, fail)
    _checklists(edition, fail)
    _consent(edition, fail)
    _consent_forms(edition, fail)


def _fixed_keys(edition: Edition, fail: Fail) -> None:
    """Every edition has the same keys: nothing may be left out, and nothing added that no code looks at."""
    closed: dict[str, tuple[Mapping[str, object], tuple[str, ...]]] = {
        "levels": (edition.levels, keys.LEVELS),
        "phases": (edition.phases, keys.PHASES),
        "obligations": (edition.obligations, keys.OBLIGATIONS),
        "deadlines": (edition.deadlines, keys.DEADLINES),
        "checklists": (edition.checklists, keys.CHECKLISTS),
        "codes": (edition.codes, keys.CODE_LISTS),
        "copy_headings": (edition.copy_headings, COPIED),
        "consent.categories": (edition.consent.categories, keys.CATEGORIES),
    }
    at_least: dict[str, tuple[Mapping[str, object], tuple[str, ...]]] = {
        "ladders": (edition.ladders, ("standard",)),
        "contributions": (edition.contributions, ("other",)),
        "referral_form.sections": (edition.referral_form.sections, REFERRAL_FIELDS),
        "consent.service_categories": (edition.consent.service_categories, ("other",)),
    }
    for table, (entries, wanted) in (closed | at_least).items():
        for key in wanted:
            if key not in entries:
                raise fail((*table.split("."), key), "mangler; nøkkelen er felles for alle utgaver")
    for table, (entries, wanted) in closed.items():
        for key in entries:
            if key not in wanted:
                raise fail((*table.split("."), key), "ukjent nøkkel; en utgave kan ikke legge til egne nøkler her")


def _days(edition: Edition, fail: Fail) -> None:
    for key, rule in edition.deadlines.items():
        path = ("deadlines", key)
        if rule.unit.counted and rule.amount is None:
            raise fail((*path, "amount"), f"mangler; regelen teller i {rule.unit.value}")
        if not rule.unit.counted and rule.amount is not None:
            raise fail((*path, "amount"), f"kan ikke stå her når enheten er {rule.unit.value}")
        if rule.amount is not None and rule.amount < 1:
            raise fail((*path, "amount"), "må være 1 eller mer")
        if rule.direction is Direction.BEFORE and not rule.unit.counted:
            raise fail((*path, "direction"), "bare en regel som teller, kan telle bakover")


def _ladders(edition: Edition, fail: Fail) -> None:
    for key, ladder in edition.ladders.items():
        offsets = [step.offset for step in ladder.steps.values()]
        if not offsets or offsets != sorted(offsets):
            raise fail(("ladders", key, "steps"), "må ha minst ett trinn, i den rekkefølgen de kommer")
        for step in ladder.steps.values():
            if step.working_days < 0 or (step.when is When.ON) != (step.working_days == 0):
                path = ("ladders", key, "steps", step.key, "working_days")
                raise fail(path, "må være 1 eller mer før og etter fristen, og stå tomt på fristdagen")


def _templates(edition: Edition, fail: Fail) -> None:
    taken: dict[str, str] = {}
    for key, template in edition.contributions.items():
        if not template.sections:
            raise fail(("contributions", key, "sections"), "må ha minst ett felt")
        for kind in template.service_kinds:
            if taken.setdefault(kind, key) != key:
                raise fail(("contributions", key, "service_kinds"), f"«{kind}» har alt malen «{taken[kind]}»")


def _checklists(edition: Edition, fail: Fail) -> None:
    for key, checklist in edition.checklists.items():
        for item in checklist.items.values():
            for text, source in zip(item.answered_by, item.sources, strict=True):
                if not _answers(edition, source):
                    path = ("checklists", key, "items", item.key, "answered_by")
                    raise fail(path, f"«{text}» er ikke et sted i henvisningen der svaret kan stå")


def _answers(edition: Edition, source: AnswerSource) -> bool:
    if source.kind == "contribution":
        anywhere = edition.contributions if source.of == "*" else (source.of,)
        return any(
            source.key in edition.contributions[key].sections for key in anywhere if key in edition.contributions
        )
    known: Mapping[str, Iterable[str]] = {
        "gp": edition.gp_assessment.sections,
        "referral": edition.referral_form.sections,
        "guardians": GUARDIAN_FACTS,
        "case": CASE_FACTS,
        "attachment": edition.codes["attachment_kind"].codes,
    }
    if source.kind in WHOLE_SOURCES:
        return not source.key
    return not source.of and source.key in known.get(source.kind, ())


def _consent(edition: Edition, fail: Fail) -> None:
    rules = edition.consent
    ages = {("consent", "decides_from"): rules.decides_from} | {
        ("consent", "categories", key, "decides_from"): rules.age_for(key) for key in rules.categories
    }
    for path, age in ages.items():
        if not rules.withhold_from <= age <= rules.of_age:
            raise fail(path, "må ligge mellom withhold_from og of_age")
    for key, basis in rules.statutory_bases.items():
        if not basis.legal:
            raise fail(("consent", "statutory_bases", key, "legal"), "må ha minst én lovhjemmel")
    for kind, categories in rules.service_categories.items():
        if not categories:
            raise fail(("consent", "service_categories", kind), "må ha minst én kategori")


def _consent_forms(edition: Edition, fail: Fail) -> None:
    """A form in bokmål at least; each with every category and a name for every kind of service it may have to hide."""
    if "nb" not in edition.consent_forms:
        raise fail(("consent_forms", "nb"), "mangler; skjemaet må finnes på bokmål")
    filled = dict.fromkeys(("child", "holder", "phone", "withhold", "date", "day", "month", "year"), "")
    for key, form in edition.consent_forms.items():
        path = ("consent_forms", key)
        if key not in edition.languages:
            raise fail(path, "er ikke et av språkene i utgaven")
        if set(form.categories) != set(edition.consent.categories):
            raise fail((*path, "categories"), "må ha de samme kategoriene som consent.categories")
        if "other" not in form.service_kinds:
            raise fail((*path, "service_kinds", "other"), "mangler")
        if len(form.months) != 12:
            raise fail((*path, "months"), "må ha tolv navn")
        for name in ("intro", "until", "withdraw_text", "date", "meanings"):
            said = getattr(form, name)
            for text in (said,) if isinstance(said, str) else said:
                try:
                    text.format(**filled)
                except (KeyError, IndexError, ValueError) as error:
                    raise fail((*path, name), "har en krøllparentes portalen ikke kan fylle ut") from error
