"""docs/states.md, made from the processes' own tables so that it cannot say anything else."""

from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.utils import translation
from django.utils.module_loading import autodiscover_modules

from portal.states import PROCESSES, Process

HEADING = """# Tilstander

Laget av `bin/manage write_states` fra tabellene i `*/states.py`. Rett tabellene, ikke denne siden: en test
sammenligner dem.

Alle overganger går gjennom `portal.states.move()`: den låser raden, ser etter at overgangen finnes, og skriver
overgangen og hendelsen i loggen i samme transaksjon. Kom en annen først, får den som prøver, vite hvem og når.
"""


def path() -> Path:
    """Where the document stands."""
    return Path(settings.BASE_DIR) / "docs" / "states.md"


def document() -> str:
    """The whole document, in bokmål whatever language is active."""
    autodiscover_modules("states")
    with translation.override("nb"):
        parts = [HEADING, *(_section(process) for _name, process in sorted(PROCESSES.items()))]
    return "\n".join(parts)


def _section(process: Process) -> str:
    states = list(process.labels)
    rows = [f"| {process.labels[state]} | `{state}` | {_leads_to(process, state)} |" for state in states]
    lines = [
        f"## {process.title} (`{process.name}`)",
        "",
        "```mermaid",
        "stateDiagram-v2",
        *(f'  state "{process.labels[state]}" as s_{state}' for state in states),
        f"  [*] --> s_{process.initial}",
        *(f"  s_{source} --> s_{target}" for source, target in _moves(process)),
        *(f"  s_{state} --> [*]" for state in states if not process.moves.get(state)),
        "```",
        "",
        "| Tilstand | I koden | Kan gå til |",
        "| --- | --- | --- |",
        *rows,
        "",
    ]
    return "\n".join(lines)


def _moves(process: Process) -> Iterable[tuple[str, str]]:
    return ((source, target) for source, targets in process.moves.items() for target in targets)


def _leads_to(process: Process, state: str) -> str:
    targets = process.moves.get(state, ())
    return ", ".join(str(process.labels[target]) for target in targets) if targets else "ingenting (slutt)"
