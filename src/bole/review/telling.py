"""What follows from published results after the commit: the person learns what became of it, units that there are."""

from bole.cases import queries as cases
from bole.definitions import queries as definitions
from bole.notices import actions as notices
from bole.notices.terms import Note
from bole.organizations import queries as organizations
from bole.organizations.terms import Role
from bole.review.awarding import grade_name, results_of, state_word
from bole.review.events import ResultPublished, ResultsPublished
from bole.review.models import Outcome
from bole.review.terms import Result


def tell_of_result(event: ResultPublished) -> None:
    """Tell the person, or, where a unit asked for itself, who opened the case; of a correction or an end the unit too.

    Why a result ended is read on the page of the case: messages go on to mailboxes and telephones.
    """
    outcome = Outcome.objects.select_related("case__person", "case__unit").get(pk=event.outcome)
    case = outcome.case
    service = cases.service_of(case)
    name = service.results.name if service.results is not None else ""
    account = case.person.account_id if case.person is not None else case.opened_by
    state = Result(outcome.state)
    ended, word = state.end is not None, state_word(service, state)
    corrected = "已更正" if service.results is not None else "已恢复"  # what completion gave is never put right
    became = f"已失效：{word}" if ended else corrected if event.corrected else "已公布"
    title = f"「{service.name}」{name}结果{became}"
    said = f"{name}状态：{word}。"
    if ended:
        given = "原来公布的「通过」" if service.results is not None else "办结时认定的资格"
        said += f"{given}不再有效，原因请打开申报查看。"
    elif outcome.awarded:
        said += f"评审后{name}级别：{grade_name(service, outcome.awarded)}。"
    key = f"{outcome.pk}/{event.revision}"
    notes = []
    if account is not None:
        link = f"/{case.site}/cases/{case.number}/"
        notes.append(Note(account, f"{key}/person", title, f"{said}受理编号 {case.number}。", link))
    if event.corrected:
        body = f"受理编号 {case.number}，{case.unit.name}，请在评审结果中查看。"
        link = f"/{case.site}/work/results/?tab={case.service}"
        if service.results is None:  # its cases stand in no list of results
            body, link = f"受理编号 {case.number}，{case.unit.name}。", f"/{case.site}/work/{case.number}/"
        holders = organizations.holders(case.unit_id, Role(case.filed_by), case.service)
        notes += [Note(each.account, f"{key}/{each.account}", title, body, link) for each in holders]
    if notes:
        notices.tell_all(notes)


def tell_units_of_results(event: ResultsPublished) -> None:
    """Tell those who file for the units how many results of their people there are, once for all of them."""
    notes = []
    for unit, count in event.units:
        site = organizations.unit(unit).site
        service = definitions.service(site, event.service)
        for holder in organizations.holders(unit, Role(service.filed_by), service.service):
            notes.append(
                Note(
                    account=holder.account,
                    key=f"{event.occasion}/{unit}/{holder.account}",
                    title=f"「{service.name}」{results_of(service).name}结果已公布",
                    body=f"本单位有 {count} 人的结果已公布，请在评审结果中查看，可以导出。",
                    link=f"/{site}/work/results/?tab={service.service}",
                )
            )
    if notes:
        notices.tell_all(notes)
