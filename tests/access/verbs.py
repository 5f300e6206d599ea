"""Every verb the code can write in the audit trail, found by reading the code itself."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = ("portal", "guideline", "cases", "referrals", "network")
SHAPE = re.compile(r"^[a-z_]+\.[a-z_]+$")
# Functions whose name begins like one that fetches through access, but which take other codes.
OTHER_CODES = {"open_task"}
NAMES = {"VERB", "VISIT", "verb", "what"}
# f-strings: what stands in the braces is one of these.
VARIABLE = {
    "{process.name}.{to}": (),  # Every state of every process, from the register of processes.
    "consent.{decision}": ("consent.given", "consent.refused"),
    "{rule.noun}.marked_wrong": tuple(
        f"{noun}.marked_wrong"
        for noun in ("concern", "guardian", "consent", "statutory", "measure", "voice", "document")
    ),
}


def modules() -> Iterator[tuple[Path, ast.Module]]:
    """The code of the portal, parsed; no migrations."""
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path, ast.parse(path.read_text(encoding="utf-8"))


def written_verbs() -> tuple[set[str], set[str]]:
    """The verbs found, and f-strings that are not in ``VARIABLE``."""
    found: set[str] = {"inbox"}
    unknown: set[str] = set()
    for _path, tree in modules():
        for node in ast.walk(tree):
            for value in _codes(node):
                for part in ast.walk(value):
                    if isinstance(part, ast.JoinedStr):
                        pattern = ast.unparse(part)[2:-1]
                        found.update(VARIABLE.get(pattern, ()))
                        if pattern not in VARIABLE:
                            unknown.add(pattern)
                    elif isinstance(part, ast.Constant) and isinstance(part.value, str) and SHAPE.match(part.value):
                        found.add(part.value)
    labels = {f"{app}." for app in APPS}
    return {verb for verb in found if not verb.startswith(tuple(labels))}, unknown


def _codes(node: ast.AST) -> Iterator[ast.expr]:
    """The expressions of a node that can hold a verb."""
    if isinstance(node, ast.Call):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name.lstrip("_").startswith(("record", "open_", "Refusal")) and name not in OTHER_CODES:
            yield from (arg for arg in node.args if isinstance(arg, ast.Constant | ast.JoinedStr | ast.IfExp))
            yield from (word.value for word in node.keywords if word.arg in NAMES)
    elif isinstance(node, ast.Assign):
        for target in node.targets:
            if isinstance(target, ast.Name) and target.id in NAMES:
                yield node.value
    elif isinstance(node, ast.FunctionDef):
        arguments = [*node.args.posonlyargs, *node.args.args][-len(node.args.defaults) or None :]
        for arg, default in zip(arguments, node.args.defaults, strict=False):
            if arg.arg in NAMES:
                yield default
    elif isinstance(node, ast.For) and NAMES & {n.id for n in ast.walk(node.target) if isinstance(n, ast.Name)}:
        yield node.iter
