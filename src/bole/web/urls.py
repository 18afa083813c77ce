"""Every address of the pages. Addresses of an authority's site begin with its code: /<site>/….

An area is one module of web/pages with its views and one list here. Names are used by areas.py for the menus.
"""

from django.urls import URLPattern, URLResolver, include, path

from bole.web.pages import (
    captcha,
    codes,
    complaints,
    desk,
    editing,
    errors,
    login,
    passwords,
    personal,
    portal,
    profile,
    register,
)
from bole.web.pages.authority import urls as authority
from bole.web.pages.filling import urls as filling
from bole.web.pages.unit import urls as unit
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
]
ACCOUNT: Addresses = [
    path("login/", login.login, name="login"),
    path("logout/", login.logout, name="logout"),
    path("login/unit/", login.choose_unit, name="choose-unit"),
    path("assure/", login.assure, name="assure"),
    path("register/", register.register, name="register"),
    path("register/unit/", register.unit, name="register-unit"),
    path("forgot/", passwords.forgot, name="forgot"),
    path("password/", passwords.change, name="password"),
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
    path("my/services/", personal.my_services, name="my-services"),
    path("my/profile/", profile.profile, name="my-profile"),
    path("my/archive/", personal.my_archive, name="my-archive"),
    path("my/archive/export/", personal.export_archive, name="my-archive-export"),
    path("my/looks/", personal.my_looks, name="my-looks"),
    path("messages/", personal.messages, name="messages"),
    path("messages/<uuid:message>/", personal.read_message, name="read-message"),
]
UNIT: Addresses = [*unit.urlpatterns]
REVIEW: Addresses = [*work.urlpatterns]
AUTHORITY: Addresses = [*authority.urlpatterns]

urlpatterns: Addresses = [
    path("", portal.root, name="root"),
    path("codes/<slug:table>/", codes.codes, name="codes"),
    path("captcha/", captcha.captcha, name="captcha"),
    path("offline/", errors.offline, name="offline"),
    path("<slug:site>/", include(PORTAL + ACCOUNT + DESK + EDITING + FILLING + PERSONAL + UNIT + REVIEW + AUTHORITY)),
]
