"""Publishing, the only writer of this room's table; and binding searches by their names."""

import re

from django.db import transaction

from bole.audit import actions as audit
from bole.definitions import lookups, queries
from bole.definitions.models import PublishedDefinition
from bole.definitions.terms import Governed, Lookup, Service
from bole.kernel import clock
from bole.kernel.actors import Actor
from bole.kernel.errors import Refused


def bind_lookup(name: str, lookup: Lookup) -> None:
    """Give a name used in YAML (`lookup:` of a field) its search. Called from AppConfig.ready of `bindings`.

    Raises ValueError for a name that is bound to something else.
    """
    lookups.bind(name, lookup)


def bind_governed(name: str, catalogue: Governed) -> None:
    """Give a name used in YAML (`lookup:` of a governed field) its catalogue, as above.

    Raises ValueError for a name that is bound to something else.
    """
    lookups.bind_governed(name, catalogue)


@transaction.atomic
def publish_catalogue(*, by: Actor) -> list[str]:
    """Store every version of the catalogue that is not stored yet; returns them as "site/code version".

    Raises Refused, naming all, when a stored version reads otherwise now or a lower one would come after a higher.
    """
    fresh, refused = [], []
    for service in queries.catalogue().services.values():
        stored = {
            row["version"]: row["hash"]
            for row in PublishedDefinition.objects.select_for_update()
            .filter(site=service.site, code=service.service)
            .values("version", "hash")
        }
        if stored.get(service.version) == service.hash:
            continue
        say = _objection(service, stored)
        if say:
            refused.append(say)
        else:
            fresh.append(service)
    if refused:
        raise Refused("\n".join(refused))
    for service in fresh:
        _publish(service, by)
    return [f"{service.site}/{service.service} {service.version}" for service in fresh]


def _objection(service: Service, stored: dict[str, str]) -> str:
    name = f"{service.site}/{service.service}「{service.name}」"
    if service.version in stored:
        return f"{name}的 {service.version} 版已经发布，内容不能再改。请提高 version 后再发布。"
    later = [version for version in stored if queries.version_key(version) >= queries.version_key(service.version)]
    if later:
        newest = max(later, key=queries.version_key)
        return f"{name}已发布 {newest} 版，新版本号 {service.version} 应比它高。请提高 version 后再发布。"
    if not re.search(r"\d", service.version):
        return f"{name}的版本号「{service.version}」里没有数字，无法比较先后。"
    return ""


def _publish(service: Service, by: Actor) -> None:
    row = PublishedDefinition(
        site=service.site,
        code=service.service,
        version=service.version,
        hash=service.hash,
        body=service.body(),
        in_force_on=service.in_force,
        published_at=clock.now(),
        published_by=by.account,
    )
    row.save()
    audit.record(
        "definitions.service.published",
        by=by,
        kind="service",
        id=f"{service.site}/{service.service}",
        detail={"version": service.version, "hash": service.hash},
    )
