"""Logging in by OpenID Connect: 电子社保卡, 统一身份认证 (V10, C38). All network work is outside transactions."""

from bole.accounts.actions.federation.discovery import forget
from bole.accounts.actions.federation.flow import (
    Assertion,
    Departure,
    ProviderDown,
    arrive,
    depart,
    leaving_address,
)
from bole.accounts.actions.federation.linking import (
    LinkedIdentity,
    bind_identity,
    linked_identities,
    log_in_by_identity,
    unbind_identity,
)
from bole.accounts.actions.federation.providers import (
    BrokenProviders,
    ClaimNames,
    Provider,
    configure,
    provider,
    providers,
    read_providers,
)

__all__ = [
    "Assertion",
    "BrokenProviders",
    "ClaimNames",
    "Departure",
    "LinkedIdentity",
    "Provider",
    "ProviderDown",
    "arrive",
    "bind_identity",
    "configure",
    "depart",
    "forget",
    "leaving_address",
    "linked_identities",
    "log_in_by_identity",
    "provider",
    "providers",
    "read_providers",
    "unbind_identity",
]
