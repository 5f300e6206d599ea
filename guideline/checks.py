"""System checks: bad edition data stops start-up, and every obligation is judged by exactly one function."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.core.checks import CheckMessage, Error
from django.core.checks import Warning as CheckWarning

from guideline import compliance
from guideline.errors import EditionError
from guideline.keys import OBLIGATIONS
from guideline.loader import edition_names, load_edition
from guideline.sections import registered_sections


def editions_are_valid(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """E001: an edition's files are wrong; says file, key and reason."""
    messages: list[CheckMessage] = []
    for name in edition_names():
        try:
            load_edition(name)
        except EditionError as error:
            messages.append(Error(f"Utgaven «{name}» kan ikke brukes. {error}", id="guideline.E001"))
    return messages


def obligations_have_evidence(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """E002–E005: keys with no evidence function or two, and a declared list of unbuilt keys that is not exact."""
    return evidence_messages([entry.key for entry in compliance.registered()], compliance.NOT_YET_BUILT)


def evidence_messages(registered: Iterable[str], not_yet_built: Iterable[str]) -> list[CheckMessage]:
    """What is wrong with a set of registered keys, given the keys declared as not yet built."""
    counted, unbuilt = Counter(registered), set(not_yet_built)
    messages: list[CheckMessage] = []
    for key in OBLIGATIONS:
        if counted[key] > 1:
            messages.append(
                Error(f"Plikten {key} har {counted[key]} bevisfunksjoner; den skal ha én.", id="guideline.E003")
            )
        if counted[key] == 0 and key not in unbuilt:
            messages.append(
                Error(
                    f"Plikten {key} har ingen bevisfunksjon.",
                    hint=f'Registrer én med @evidence("{key}") i appen som eier fakta.',
                    id="guideline.E002",
                )
            )
        if counted[key] and key in unbuilt:
            messages.append(
                Error(
                    f"Plikten {key} har en bevisfunksjon, men står fortsatt i NOT_YET_BUILT.",
                    hint="Stryk den i guideline/compliance.py. Listen kan bare bli kortere.",
                    id="guideline.E004",
                )
            )
    messages += [
        Error(f"«{key}» er ingen plikt i retningslinjen.", id="guideline.E005")
        for key in sorted((set(counted) | unbuilt) - set(OBLIGATIONS))
    ]
    return messages


def sections_have_addresses(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """W001: an obligation that is judged is met in a part of the case that has registered no address."""
    judged = {entry.key for entry in compliance.registered()}
    wanted: set[str] = set()
    for name in edition_names():
        try:
            obligations = load_edition(name).obligations
        except EditionError:
            continue
        wanted |= {obligations[key].met_in for key in judged & set(obligations)}
    return [
        CheckWarning(
            f"Ingen app har registrert hvor delen «{section}» av saken er.",
            hint="Kall guideline.sections.register_section i apps.py.",
            id="guideline.W001",
        )
        for section in sorted(wanted - registered_sections())
    ]
