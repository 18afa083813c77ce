"""The menus of the shells."""

from django import template

from bole.kernel.actors import Actor
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


@register.inclusion_tag("web/parts/said.html", takes_context=True)
def said(context: template.Context) -> dict[str, list[str]]:
    """{% said %}: what the page before has to say, once."""
    return {"sentences": flash.said(context["request"]) if context.get("known") else []}
