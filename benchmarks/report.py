"""What was measured, as a table for people and as JSON for machines."""

import json
import platform
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.fill import Filled
from benchmarks.pages import Measured
from benchmarks.paper import Rendered
from ops.console import say

RESULT = Path(__file__).parent / "results" / "latest.json"
GOAL_PAGES, GOAL_PDF = 2.0, 1.2


def show_pages(filled: Filled, measured: list[Measured]) -> None:
    """One line per page: medians in milliseconds, and the ratios the goals speak of."""
    say(f"\n{filled.cases} saker ({filled.rows} nye rader på {filled.seconds:.0f} s)")
    say(
        f"{'Side':<26}{'median':>9}{'p95':>9}{'tom':>9}{'tom p95':>9}{'forhold':>9}{'p95':>7}{'kB':>6}"
        f"   mål ≤ {GOAL_PAGES}"
    )
    for one in measured:
        verdict = "ja" if one.ratio <= GOAL_PAGES else "NEI"
        say(
            f"{one.name:<26}{one.median:>7.1f}ms{one.p95:>7.1f}ms{one.empty_median:>7.1f}ms{one.empty_p95:>7.1f}ms"
            f"{one.ratio:>9.2f}{one.ratio_p95:>7.2f}{one.size / 1024:>6.0f}   {verdict}"
        )


def show_paper(rendered: Rendered) -> None:
    """The PDF's line."""
    verdict = "ja" if rendered.ratio <= GOAL_PDF else "NEI"
    say(
        f"\nPDF, {rendered.pages} sider: {rendered.portal * 1000:.0f} ms i portalen, "
        f"{rendered.weasyprint * 1000:.0f} ms i WeasyPrint alene: forhold {rendered.ratio:.2f}"
        f"   mål ≤ {GOAL_PDF}: {verdict}"
    )


def write(sizes: list[tuple[Filled, list[Measured]]], rendered: Rendered, plans: dict[str, str]) -> Path:
    """Everything as JSON; returns where."""
    content: dict[str, Any] = {
        "machine": {"python": platform.python_version(), "system": platform.platform()},
        "goals": {"pages": GOAL_PAGES, "pdf": GOAL_PDF},
        "sizes": [
            {
                **asdict(filled),
                "pages": [{**asdict(one), "ratio": one.ratio, "ratio_p95": one.ratio_p95} for one in measured],
            }
            for filled, measured in sizes
        ],
        "pdf": {**asdict(rendered), "ratio": rendered.ratio},
        "plans": plans,
    }
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return RESULT
