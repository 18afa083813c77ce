"""Who may enter, publish, correct and end results. Each answer says why not."""

from uuid import UUID

from bole.definitions.terms import Service
from bole.kernel.actors import Actor
from bole.kernel.answers import YES, Answer, no
from bole.organizations import queries as organizations
from bole.organizations.terms import Role
from bole.review.models import Outcome
from bole.review.terms import Result


def may_keep_outcomes(by: Actor, keeper: UUID, service: Service) -> Answer:
    """Who holds the role that the definition names, in the authority that keeps the results of this service (JL-10);
    where completion is the result, the role of its last desk."""
    role = service.keeping
    seated = bool(role) and organizations.sits(by, keeper, Role(role), service.service)
    return YES if seated else not_keeper(service)


def not_keeper(service: Service) -> Answer:
    """That others enter and publish the results."""
    return no(f"「{service.name}」的评审结果由公布结果的部门录入和公布，您在当前单位没有这项权限。")


def of_another(by: Actor, outcome: Outcome) -> Answer:
    """Nobody says what came of their own case (ALL-12)."""
    person = outcome.case.person
    if person is not None and by.account is not None and by.account == person.account_id:
        return no("不能录入或公布自己的评审结果，请由本单位其他人办理。")
    return YES


def may_enter_outcome(by: Actor, outcome: Outcome, service: Service) -> Answer:
    """Who keeps the results of this service, except of their own case."""
    return may_keep_outcomes(by, outcome.keeper_id, service) and of_another(by, outcome)


def may_end_outcome(by: Actor, outcome: Outcome, service: Service) -> Answer:
    """Who keeps the results, of a published 通过, where the definition that the case pins names an end for it."""
    able = may_enter_outcome(by, outcome, service)
    if not able:
        return able
    if not service.endings:
        return no(f"「{service.name}」没有规定结果失效的情形。结果有误的，请更正。")
    if outcome.published_at is None:
        return no("这份结果还没有公布，直接修改即可。")
    if outcome.state != Result.PASSED.value:
        return no("只有公布为「通过」的结果才能登记失效；已经登记的，有误时请更正。")
    return YES


def may_restore_outcome(by: Actor, outcome: Outcome, service: Service) -> Answer:
    """Who revoked what completion gave; of a published result a correction says what it shall be again."""
    if service.results is not None or outcome.ended_at is None:
        return no("只有办结时认定、后来失效的资格在这里恢复；公布的结果有误的，请更正。")
    return may_enter_outcome(by, outcome, service)
