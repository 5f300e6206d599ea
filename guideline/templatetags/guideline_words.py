"""Rules of the edition in words. `{% load guideline_words %}`."""

from django import template

from guideline.deadlines import in_words, step_in_words
from guideline.schema import DeadlineRule, Edition, LadderStep

register = template.Library()


@register.filter
def rule_words(rule: DeadlineRule) -> str:
    """«10 virkedager etter at tjenesten ble spurt»."""
    return in_words(rule)


@register.filter
def step_words(step: LadderStep) -> str:
    """«3 virkedager før fristen»."""
    return step_in_words(step)


@register.filter
def basis_of(edition: Edition | None, rule: str) -> str:
    """«law», «adopted» or «suggested»: what a rule of the edition builds on, for ``due_tag``."""
    return str(edition.deadlines[rule].basis) if edition and rule in edition.deadlines else ""
