"""Identity providers on the log-in page and on 「账号与安全」."""

from django import template

from bole.accounts.actions import federation
from bole.accounts.actions.federation import LinkedIdentity, Provider
from bole.kernel.actors import Actor
from bole.organizations.terms import Site

register = template.Library()


@register.simple_tag(takes_context=True)
def identity_providers(context: template.Context) -> tuple[Provider, ...]:
    """{% identity_providers as providers %}: those that this site offers."""
    site = context.get("site")
    return federation.providers(site.code) if isinstance(site, Site) else ()


@register.simple_tag(takes_context=True)
def linked_identities(context: template.Context) -> tuple[LinkedIdentity, ...]:
    """{% linked_identities as identities %}: the site's providers with the visitor's links; one query, none without
    providers."""
    site, actor = context.get("site"), context.get("actor")
    if not isinstance(site, Site) or not isinstance(actor, Actor) or actor.account is None:
        return ()
    return federation.linked_identities(account=actor.account, site=site.code)
