"""{% csrf_token %} as every form has it, and beside it the capacity in which the form was opened (AC-12).

Built into all templates by the settings, so that no form can forget it.
"""

from typing import Any

from django import template
from django.template.defaulttags import CsrfTokenNode
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


class ActingNode(CsrfTokenNode):
    """The token, then the mark of the capacity."""

    def render(self, context: template.Context) -> SafeString:
        token, mark = super().render(context), _mark(context)
        hidden = '<input type="hidden" name="acting" value="{}">'
        return format_html("{}" + hidden, token, mark) if mark else format_html("{}", token)


def _mark(context: template.Context) -> Any:
    """From the page; an inclusion tag knows no more of it than its token."""
    return context.get("acting", "")


@register.tag
def csrf_token(parser: template.base.Parser, token: template.base.Token) -> ActingNode:
    """The token and the mark."""
    return ActingNode()
