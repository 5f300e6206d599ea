"""docs/states.md is what the tables say, and the tables hold together."""

import ast

import pytest

from portal import states_document
from portal.states import PROCESSES, Process
from tests.access.verbs import ROOT, modules


def test_the_document_is_up_to_date() -> None:
    assert states_document.path().read_text(encoding="utf-8") == states_document.document(), (
        "kjør bin/manage write_states"
    )


@pytest.mark.parametrize("process", PROCESSES.values(), ids=PROCESSES)
def test_every_state_has_words_and_can_be_reached(process: Process) -> None:
    states = set(process.labels)
    assert set(process.moves) <= states
    assert {target for targets in process.moves.values() for target in targets} <= states
    reached, ahead = set(), [process.initial]
    while ahead:
        state = ahead.pop()
        if state not in reached:
            reached.add(state)
            ahead += process.moves.get(state, ())
    assert reached == states


def test_every_table_is_one_of_the_register() -> None:
    """Nobody keeps a table of their own beside ``Process``, nor sets a state without ``move()``."""
    made = {
        keyword.value.value
        for _path, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Process"
        for keyword in node.keywords
        if keyword.arg == "name" and isinstance(keyword.value, ast.Constant)
    }
    assert made == set(PROCESSES)


def test_no_state_is_set_beside_move() -> None:
    found = {
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        for target in node.targets
        for part in ast.walk(target)
        if isinstance(part, ast.Attribute) and part.attr == "state" and isinstance(part.ctx, ast.Store)
    }
    # Obligations are worked out from the facts each time, not moved.
    assert {place for place in found if not place.startswith("cases/obligations.py:")} == set()
