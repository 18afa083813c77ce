"""「审核账户」 and 「已审核」: the work list of whoever registers, with a tab for each kind of affair.

Everything else is that of any work list: the page of one case, the batch, the history. Nothing here deletes.
"""

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from bole.web.doors import for_units
from bole.web.pages.account_review.area import ACCOUNTS
from bole.web.pages.work.desks import place_of
from bole.web.pages.work.worklist import download, show
from bole.web.requests import PageRequest


@for_units
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: PageRequest) -> HttpResponse:
    """What waits for the administrator or registrar, and what they decided; 「已审核」 can be searched, not changed."""
    return show(request, place_of(request, ACCOUNTS))


@for_units
@require_POST
def export(request: PageRequest) -> HttpResponse:
    """「导出」 of 「审核账户」."""
    return download(request, place_of(request, ACCOUNTS))
