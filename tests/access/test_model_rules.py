"""Rules that hold for every model and every view, found by walking them."""

import ast
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import models

from tests.access.verbs import ROOT, modules

ORDER = ("portal", "guideline", "cases", "referrals", "network")
# What is its owner's alone and goes with them: text kept after a save that failed.
GOES_WITH_ITS_OWNER = {"portal.KeptText.owner"}
# A pair whose moment is a day, or whose person is told by another field.
HALF_PAIRS = {
    # Opened by the system as well as by people; the moment is always there.
    "cases.Task.opened",
    # Told by the system as well.
    "cases.Notification.told",
}


def our_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model._meta.app_label in ORDER]


def relations() -> Iterator[tuple[type[models.Model], "models.ForeignKey[models.Model, models.Model]"]]:
    for model in our_models():
        for field in model._meta.get_fields():
            if isinstance(field, models.ForeignKey):
                yield model, field


def test_relations_of_the_process_protect() -> None:
    """Nothing of a child's case disappears because something else is deleted."""
    loose = {
        f"{model._meta.label}.{field.name}"
        for model, field in relations()
        if field.remote_field.on_delete is not models.PROTECT
    }
    assert loose == GOES_WITH_ITS_OWNER


def test_relations_point_one_way() -> None:
    """network → referrals → cases → guideline → portal, as the imports do."""
    upwards = {
        f"{model._meta.label}.{field.name}"
        for model, field in relations()
        if field.related_model._meta.app_label in ORDER
        and ORDER.index(field.related_model._meta.app_label) > ORDER.index(model._meta.app_label)
    }
    assert not upwards


def constrained(model: type[models.Model]) -> str:
    """The conditions of a model's check constraints as text, which names their fields."""
    checks = [c for c in model._meta.constraints if isinstance(c, models.CheckConstraint)]
    return " ".join(f"{check.name} {check.condition}" for check in checks)


def test_every_choice_is_also_a_constraint() -> None:
    """A choice the database does not know is only a suggestion."""
    missing = {
        f"{model._meta.label}.{field.name}"
        for model in our_models()
        for field in model._meta.concrete_fields
        if field.choices and f"'{field.name}" not in constrained(model)
    }
    assert not missing


def test_every_moment_has_its_person() -> None:
    """``x_at`` with ``x_by``: both or neither, held by the database where they may be empty."""
    wrong = set()
    for model in our_models():
        fields = {field.name: field for field in model._meta.concrete_fields}
        for name, field in fields.items():
            stem = name.removesuffix("_at")
            person = fields.get(f"{stem}_by")
            label = f"{model._meta.label}.{stem}"
            if stem == name or person is None or label in HALF_PAIRS:
                continue
            if field.null != person.null:
                wrong.add(f"{label}: den ene kan mangle")
            elif field.null and f"'{name}__isnull'" not in constrained(model):
                wrong.add(f"{label}: ingen regel i databasen")
    assert not wrong


def test_every_constraint_a_person_can_meet_says_something() -> None:
    """A check constraint's sentence is shown to people (portal.answering)."""
    silent = {
        constraint.name
        for model in our_models()
        for constraint in model._meta.constraints
        if isinstance(constraint, models.CheckConstraint)
        and str(constraint.violation_error_message) == str(constraint.default_violation_error_message)
    }
    assert not silent


def test_keys_in_addresses_are_uuids() -> None:
    """A number in an address tells how many there are, and lets one guess the next."""
    from tests.access.pages import patterns

    arguments = {argument for _name, names in patterns() for argument in names}
    assert arguments
    numbered = {model._meta.label for model in our_models() if not isinstance(model._meta.pk, models.UUIDField)}
    # Never in an address.
    assert numbered <= {
        "portal.AuditEvent",
        "portal.AuditSeal",
        "portal.StateChange",
        "portal.Session",
        "portal.CommunityMembership",
        "portal.ServiceArea",
        "cases.CaseAccess",
        "cases.LookedAt",
        "cases.ObligationStatus",
        "cases.ReferenceCounter",
        "cases.ConsentParty",
        "cases.ConsentService",
    }


@pytest.mark.parametrize("app", ["portal", "cases", "referrals", "guideline", "network"])
def test_views_fetch_through_access(app: str) -> None:
    """No manager is touched in a view: the filter that was forgotten is the leak."""
    views = [
        (path, tree)
        for path, tree in modules()
        if path.is_relative_to(ROOT / app) and ("views" in path.parts or path.name == "views.py")
    ]
    assert views
    touched = {
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path, tree in views
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in {"objects", "_default_manager", "_base_manager"}
    }
    assert not touched


def test_only_admission_writes_the_access_table() -> None:
    """Who may be in a case is worked out in one place."""
    writing = {"create", "bulk_create", "bulk_update", "update", "delete", "update_or_create", "get_or_create", "save"}
    found = set()
    for path, tree in modules():
        if path == ROOT / "cases" / "admission.py":
            continue
        for node in ast.walk(tree):
            writes = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in writing
            if writes and any(isinstance(n, ast.Name) and n.id == "CaseAccess" for n in ast.walk(node)):
                found.add(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert not found


def test_wider_rights_are_few_and_outside_views() -> None:
    """``as_job`` crosses what the actor sees, so it belongs in actions and registers, never in a view."""
    found = {
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path, tree in modules()
        if "views" in path.parts
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and node.id == "as_job"
    }
    assert not found


def test_a_form_is_bound_to_what_was_sent_even_when_it_is_nothing() -> None:
    """``request.POST or None`` shows an empty form without a word to whom sent an empty one: ``posted`` binds it."""
    found = {
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.BoolOp) and ast.unparse(node).startswith("request.POST or")
    }
    assert not found
