"""Every place in an edition that names something by key, so that none can point at nothing."""

import dataclasses
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from guideline import keys
from guideline.schema import Edition
from portal.models import Profession, Role, ServiceKind

KeyPath = tuple[str, ...]


def dangling(edition: Edition) -> Iterator[tuple[KeyPath, str, str]]:
    """(path of the field, key it names, where that key should have been) of every reference to nothing."""
    targets = targets_of(edition)
    for path, name, value in fields_of(edition):
        if name in targets:
            known, where = targets[name]
            for key in (value,) if isinstance(value, str) else value:
                if key and key not in known:
                    yield (*path, name), key, where
    for key, code in edition.copy_headings.items():
        if code not in edition.referral_headings:
            yield ("copy_headings", key), code, "referral_headings"
    for kind, categories in edition.consent.service_categories.items():
        if kind != "other" and kind not in ServiceKind.values:
            yield ("consent", "service_categories"), kind, "typene tjeneste i portalen"
        for category in categories:
            if category not in edition.consent.categories:
                yield ("consent", "service_categories", kind), category, "consent.categories"


def targets_of(edition: Edition) -> Mapping[str, tuple[Collection[str], str]]:
    """What each field that holds keys may name, and what to call that place."""
    return {
        "legal": (edition.legal, "legal"),
        "legal_basis": (edition.legal, "legal"),
        "deadline": (edition.deadlines, "deadlines"),
        "deadlines": (edition.deadlines, "deadlines"),
        "ladder": (edition.ladders, "ladders"),
        "phases": (edition.phases, "phases"),
        "obligations": (edition.obligations, "obligations"),
        "met_in": (keys.CASE_SECTIONS, "delene av saken"),
        "category": (edition.consent.categories, "consent.categories"),
        "categories": (edition.consent.categories, "consent.categories"),
        "heading_code": (edition.referral_headings, "referral_headings"),
        "attachments": (edition.codes["attachment_kind"].codes, "codes.attachment_kind"),
        "service_kinds": (ServiceKind.values, "typene tjeneste i portalen"),
        "roles": (Role.values, "rollene i portalen"),
        "professions": (Profession.values, "yrkene i portalen"),
    }


def fields_of(item: Any, path: KeyPath = ()) -> Iterator[tuple[KeyPath, str, str | tuple[str, ...]]]:
    """(path of the entry, field, value) of every text or list of texts in the edition, at any depth."""
    for field in dataclasses.fields(item):
        value = getattr(item, field.name)
        if isinstance(value, str) or (isinstance(value, tuple) and all(isinstance(part, str) for part in value)):
            yield path, field.name, value
        elif dataclasses.is_dataclass(value):
            yield from fields_of(value, (*path, field.name))
        elif isinstance(value, Mapping):
            for key, entry in value.items():
                if dataclasses.is_dataclass(entry):
                    yield from fields_of(entry, (*path, field.name, key))
