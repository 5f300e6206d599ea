"""The first load stays within 150 kB compressed (design §9): page, styles, scripts, icons and font together."""

import re
from pathlib import Path

import brotli
from django.contrib.staticfiles import finders

from portal.templatetags.ui import SPRITE
from tests.ui import component_page

BUDGET = 150_000


def compressed(path: Path) -> int:
    """Bytes on the wire; fonts are compressed already."""
    content = path.read_bytes()
    return len(content) if path.suffix == ".woff2" else len(brotli.compress(content, quality=11))


def test_first_load_is_within_its_budget() -> None:
    html = component_page.html()
    wanted = {match.split("#")[0] for match in re.findall(r'(?:href|src)="/static/([^"]+)"', html)}
    assert SPRITE in wanted
    weights = {name: compressed(Path(finders.find(name))) for name in wanted}
    assert sum(weights.values()) + len(brotli.compress(html.encode(), quality=5)) <= BUDGET, weights


def test_every_icon_named_in_a_template_is_in_the_sprite() -> None:
    root = Path(__file__).parents[2]
    named = set()
    for template in (root / "templates").rglob("*.html"):
        named |= set(re.findall(r'{% icon "(\w+)"', template.read_text()))
    listed = set((root / "static/portal/icons.txt").read_text().split())
    assert named - listed == set()
