"""The papers tell the truth: every test and file they name exists."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
PAPERS = sorted(path.relative_to(ROOT).as_posix() for path in [DOCS / "threat-model.md", *DOCS.glob("personvern/*.md")])


@pytest.mark.parametrize("paper", PAPERS)
def test_every_test_that_a_paper_names_exists(paper: str) -> None:
    text = (ROOT / paper).read_text(encoding="utf-8")
    named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", text)
    gone = [
        f"{file}::{test}"
        for file, test in named
        if not (ROOT / file).is_file() or (test and f"def {test}(" not in (ROOT / file).read_text(encoding="utf-8"))
    ]
    assert not gone
    assert named or "personvern" in paper


@pytest.mark.parametrize("paper", PAPERS)
def test_every_file_that_a_paper_leads_to_exists(paper: str) -> None:
    here = (ROOT / paper).parent
    text = (ROOT / paper).read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#]+)\)", text)
    named = re.findall(r"`(docs/[\w/.-]+)`", text)
    assert [link for link in links if not (here / link).exists()] == []
    assert [name for name in named if not (ROOT / name).exists()] == []
