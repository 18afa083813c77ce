"""The menus and style sheets of the shells."""

from functools import lru_cache
from typing import Any

from django import template
from django.core.signals import setting_changed
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from bole.kernel.actors import Actor
from bole.notices import queries as notices
from bole.notices.terms import UNREAD_MOST
from bole.organizations.terms import Site
from bole.web import areas as menus
from bole.web import flash

register = template.Library()


@register.simple_tag(takes_context=True)
def areas(context: template.Context) -> tuple[menus.Entry, ...]:
    """{% areas as entries %}: what the visitor's roles open on this site; a page has it at the side and in a menu."""
    actor, site = context.get("actor"), context.get("site")
    if not isinstance(actor, Actor) or not isinstance(site, Site):
        return ()
    request = context["request"]
    if not hasattr(request, "menu_entries"):
        request.menu_entries = menus.menu(actor.way, context.get("capacity"), site.code)
    found: tuple[menus.Entry, ...] = request.menu_entries
    return found


@register.simple_tag(takes_context=True)
def personal_nav(context: template.Context) -> tuple[menus.Entry, ...]:
    """{% personal_nav as entries %}: the bar of the personal platform."""
    site = context.get("site")
    return menus.personal_nav(site.code) if isinstance(site, Site) else ()


@register.simple_tag(takes_context=True)
def unread(context: template.Context) -> str:
    """{% unread as count %}: how many messages the visitor has not read, "99+", nothing; asked once a page."""
    actor = context.get("actor")
    if not isinstance(actor, Actor) or actor.account is None:
        return ""
    request = context["request"]
    if not hasattr(request, "unread_messages"):
        request.unread_messages = notices.unread_count(actor.account)
    many: int = request.unread_messages
    return f"{UNREAD_MOST - 1}+" if many == UNREAD_MOST else str(many or "")


@register.inclusion_tag("web/parts/bell.html", takes_context=True)
def bell(context: template.Context) -> dict[str, Any]:
    """{% bell %}: the way to the messages, with the number of those not read."""
    return {"count": unread(context), "known": context.get("known"), "site": context.get("site")}


@register.inclusion_tag("web/parts/said.html", takes_context=True)
def said(context: template.Context) -> dict[str, list[str]]:
    """{% said %}: what the page before has to say, once."""
    return {"sentences": flash.said(context["request"]) if context.get("known") else []}


@register.simple_tag
def styles() -> SafeString:
    """{% styles %}: the style sheets of every page, in their order."""
    return _styles()


@lru_cache(maxsize=1)
def _styles() -> SafeString:
    """Drawn once in a process: each of the addresses takes a look at the list of files."""
    return render_to_string("web/parts/styles.html")


setting_changed.connect(lambda **_: _styles.cache_clear(), weak=False)  # tests alone change where static files are
