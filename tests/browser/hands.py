"""What a person does with a page: fills in fields, presses buttons, reads."""

import datetime as dt
import re
from collections.abc import Mapping
from urllib.parse import urljoin

from playwright.sync_api import Locator, Page, expect

Value = str | bool | list[str]
CHOICES = {"radio", "checkbox"}


def day(days: int = 0) -> str:
    """A date as people write it."""
    return (dt.date.today() + dt.timedelta(days=days)).strftime("%d.%m.%Y")


def fill(scope: Page | Locator, answers: Mapping[str, Value]) -> None:
    """Fills in fields by their names: text, a choice's words, several boxes, or yes and no for one box."""
    for name, value in answers.items():
        # A page with two forms gives their fields a prefix.
        field = scope.locator(f'[name="{name}"], [name$="-{name}"]')
        kind = field.first.evaluate("e => e.tagName === 'SELECT' ? 'select' : e.type")
        if isinstance(value, bool):
            field.first.set_checked(value)
        elif kind in CHOICES:
            for words in [value] if isinstance(value, str) else value:
                option(scope, field, words).check()
        elif kind == "select":
            assert isinstance(value, str)
            words = field.locator("option").filter(has_text=value).first.inner_text()
            field.select_option(label=words)
        else:
            assert isinstance(value, str)
            field.first.fill(value)


def option(scope: Page | Locator, field: Locator, words: str) -> Locator:
    """The radio button or box whose label begins with the words (or contains them)."""
    for one in field.all():
        label = scope.locator(f'label[for="{one.get_attribute("id")}"]').inner_text()
        if words in label:
            return one
    raise AssertionError(f"Ingen valg heter «{words}»")


def press(scope: Page | Locator, words: str, *, exact: bool = True) -> None:
    """Presses the button with these words."""
    scope.get_by_role("button", name=words, exact=exact).first.click()


def follow(scope: Page | Locator, words: str, *, exact: bool = False) -> None:
    """Follows the link with these words."""
    scope.get_by_role("link", name=words, exact=exact).first.click()


def sees(page: Page, *texts: str) -> None:
    """The page's main part shows every text."""
    for text in texts:
        expect(page.locator("main")).to_contain_text(text)


def sees_not(page: Page, *texts: str) -> None:
    """The page shows none of the texts. Comes after something the page does show, so that it has been loaded."""
    for text in texts:
        expect(page.locator("main")).not_to_contain_text(text)


def inbox(page: Page, task: str, reference: str) -> None:
    """Opens the inbox, turns its pages until a task of a case is there, and goes, in one click, to where it is done."""
    page.goto("/innboks/")
    row = page.locator(".inbox__item").filter(has_text=reference).filter(has_text=task)
    following = page.locator('.pages a[rel="next"]')
    while not row.count() and following.count():
        page.goto(urljoin(page.url, following.get_attribute("href")))
    row.locator("a.inbox__title").first.click()
    expect(page).not_to_have_url(re.compile(r"/innboks/(\?.*)?$"))


def status_of(page: Page, path: str) -> int:
    """The status a person gets for an address."""
    answer = page.goto(path)
    assert answer is not None
    return answer.status


def part(path: str, before: str) -> str:
    """The id in an address that comes after a word: part('/saker/1/niva/', 'saker') is '1'."""
    found = re.search(rf"/{before}/([0-9a-f-]{{36}})/", path)
    assert found is not None, path
    return found[1]
