"""Every address of the pages. Addresses of an authority's site begin with its code: /<site>/….

An area is one module of web/pages with its views and one list here. Names are used by areas.py for the menus.
"""

from django.urls import URLPattern, URLResolver, include, path

from bole.web.pages import (
    captcha,
    checking,
    codes,
    complaints,
    desk,
    editing,
    errors,
    federation,
    login,
    passwords,
    personal,
    portal,
    profile,
    register,
)
from bole.web.pages.account import urls as account
from bole.web.pages.account_review import urls as account_review
from bole.web.pages.authority import urls as authority
from bole.web.pages.filling import urls as filling
from bole.web.pages.people import urls as people
from bole.web.pages.registration import urls as registration
from bole.web.pages.staff import urls as staff
from bole.web.pages.titles import urls as titles
from bole.web.pages.unit import urls as unit
from bole.web.pages.work import result_urls as results
from bole.web.pages.work import urls as work

Addresses = list[URLPattern | URLResolver]

PORTAL: Addresses = [
    path("", portal.home, name="home"),
    path("announcements/", portal.announcements, name="announcements"),
    path("policies/", portal.policies, name="policies"),
    path("articles/<uuid:id>/", portal.article, name="article"),
    path("search/", portal.search, name="search"),
    path("downloads/", portal.downloads, name="downloads"),
    path("downloads/<uuid:id>/", portal.download, name="download"),
    path("manual/", portal.manual, name="manual"),
    path("accessibility/", portal.accessibility, name="accessibility"),
    path("privacy/", portal.privacy, name="privacy"),
    path("complaints/", complaints.choose, name="complaints"),
    path("complaints/answer/", complaints.look_up, name="complaint-answer"),
    path("complaints/<slug:kind>/", complaints.write, name="complaint"),
    path("verify/", checking.check, name="check"),
    path("verify/<str:code>/", checking.check, name="check-code"),
]
ACCOUNT: Addresses = [
    path("login/", login.login, name="login"),
    path("login/code/", login.login_by_code, name="login-by-code"),
    path("logout/", login.logout, name="logout"),
    *account.urlpatterns,
    path("register/", register.register, name="register"),
    path("forgot/", passwords.forgot, name="forgot"),
    path("activate/", passwords.activate, name="activate"),
    path("password/", passwords.change, name="password"),
]
FEDERATION: Addresses = [
    path("login/with/<slug:provider>/", federation.start, name="federation-start"),
    path("login/with/<slug:provider>/return/", federation.arrive, name="federation-return"),
    path("register/with/", federation.register, name="federation-register"),
    path("logout/done/", federation.left, name="federation-left"),
    path("account/identities/unbind/", federation.unbind, name="federation-unbind"),
    path("account/identities/<slug:provider>/bind/", federation.bind, name="federation-bind"),
]
DESK: Addresses = [
    path("go/", desk.landing, name="landing"),
    path("me/", desk.me, name="me"),
    path("offers/<uuid:id>/", desk.answer_offer, name="offer"),
    path("desk/", desk.desk, name="desk"),
]
EDITING: Addresses = [
    path("portal/", editing.articles, name="portal-desk"),
    path("portal/new/", editing.write, name="portal-new"),
    path("portal/<uuid:id>/", editing.revise, name="portal-article"),
    path("portal/<uuid:id>/preview/", editing.preview, name="portal-preview"),
    path("portal/<uuid:id>/publish/", editing.publish, name="portal-publish"),
    path("portal/<uuid:id>/withdraw/", editing.withdraw, name="portal-withdraw"),
    path("portal/downloads/", editing.downloads, name="portal-downloads"),
    path("portal/downloads/<uuid:id>/remove/", editing.remove, name="portal-remove"),
    path("portal/complaints/", editing.complaints, name="portal-complaints"),
    path("portal/complaints/<uuid:id>/", editing.complaint, name="portal-complaint"),
]
# Areas to come: unit (unit-collection, unit-profile), review, authorization.
FILLING: Addresses = [*filling.urlpatterns]
PERSONAL: Addresses = [
    path("my/cases/", personal.my_cases, name="my-cases"),
    path("my/business/<int:place>/", personal.business, name="my-business"),
    path("my/services/", personal.my_services, name="my-services"),
    path("my/profile/", profile.profile, name="my-profile"),
    path("my/archive/", personal.my_archive, name="my-archive"),
    path("my/archive/export/", personal.export_archive, name="my-archive-export"),
    path("my/looks/", personal.my_looks, name="my-looks"),
    path("messages/", personal.messages, name="messages"),
    path("messages/<uuid:message>/", personal.read_message, name="read-message"),
]
UNIT: Addresses = [*unit.urlpatterns]
PEOPLE: Addresses = [*registration.urlpatterns, *people.urlpatterns]
REVIEW: Addresses = [*results.urlpatterns, *work.urlpatterns, *account_review.urlpatterns]
AUTHORITY: Addresses = [*authority.urlpatterns]
STAFF: Addresses = [*staff.urlpatterns, *titles.urlpatterns]

urlpatterns: Addresses = [
    path("", portal.root, name="root"),
    path("codes/<slug:table>/", codes.codes, name="codes"),
    path("captcha/", captcha.captcha, name="captcha"),
    path("offline/", errors.offline, name="offline"),
    path(
        "<slug:site>/",
        include(
            PORTAL
            + ACCOUNT
            + FEDERATION
            + DESK
            + EDITING
            + FILLING
            + PERSONAL
            + UNIT
            + PEOPLE
            + REVIEW
            + AUTHORITY
            + STAFF
        ),
    ),
]
