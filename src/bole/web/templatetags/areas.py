"""The menus of the shells."""

from typing import Any

from django import template

from bole.kernel.actors import Actor
from bole.notices import queries as notices
from bole.organizations.terms import Site
from bole.web import areas as menus
from bole.web import flash

register = template.Library()


@register.simple_tag(takes_context=True)
def areas(context: template.Context) -> tuple[menus.Entry, ...]:
    """{% areas as entries %}: what the visitor's roles open on this site."""
    actor, site = context.get("actor"), context.get("site")
    if not isinstance(actor, Actor) or not isinstance(site, Site):
        return ()
    return menus.menu(actor.way, context.get("capacity"), site.code)


@register.simple_tag(takes_context=True)
def personal_nav(context: template.Context) -> tuple[menus.Entry, ...]:
    """{% personal_nav as entries %}: the bar of the personal platform."""
    site = context.get("site")
    return menus.personal_nav(site.code) if isinstance(site, Site) else ()


@register.simple_tag(takes_context=True)
def unread(context: template.Context) -> int:
    """{% unread as count %}: how many messages the visitor has not read; asked once a page."""
    actor = context.get("actor")
    if not isinstance(actor, Actor) or actor.account is None:
        return 0
    request = context["request"]
    if not hasattr(request, "unread_messages"):
        request.unread_messages = notices.unread_count(actor.account)
    return int(request.unread_messages)


@register.inclusion_tag("web/parts/bell.html", takes_context=True)
def bell(context: template.Context) -> dict[str, Any]:
    """{% bell %}: the way to the messages, with the number of those not read."""
    return {"count": unread(context), "known": context.get("known"), "site": context.get("site")}


@register.inclusion_tag("web/parts/said.html", takes_context=True)
def said(context: template.Context) -> dict[str, list[str]]:
    """{% said %}: what the page before has to say, once."""
    return {"sentences": flash.said(context["request"]) if context.get("known") else []}
