"""Addresses of account management, under /<site>/."""

from django.urls import path

from bole.web.pages.staff import (
    administrators,
    departments,
    importing,
    leaving,
    lower,
    organizations,
    roles,
    superior,
    unit_account,
    units,
    users,
)

UNIT = "organizations/<uuid:unit>/"
ROLE = "roles/<uuid:role>/"
DEPARTMENT = "departments/<uuid:department>/"

urlpatterns = [
    path("organizations/", organizations.index, name="organizations"),
    path("organizations/more/", organizations.more, name="organizations-more"),
    path("organizations/below/", lower.index, name="lower-units"),
    path("organizations/import/", importing.units, name="organizations-import"),
    path("organizations/import/template/", importing.units_template, name="organizations-template"),
    path(UNIT, organizations.unit, name="organization"),
    path(UNIT + "children/", organizations.children, name="organization-children"),
    path(UNIT + "new/", units.new, name="organization-new"),
    path(UNIT + "account/", units.account, name="organization-account"),
    path(UNIT + "review/", units.review, name="organization-review"),
    path(UNIT + "emergency/", units.emergency, name="organization-emergency"),
    path(UNIT + "remove/", units.remove, name="organization-remove"),
    path(UNIT + "close/", units.close, name="organization-close"),
    path(UNIT + "users/<uuid:account>/reset/", users.reset, name="staff-reset"),
    path("staff/", users.users, name="staff"),
    path("staff/new/", users.new, name="staff-new"),
    path("staff/clean/", leaving.clean, name="staff-clean"),
    path("staff/import/", importing.operators, name="operators-import"),
    path("staff/import/template/", importing.operators_template, name="operators-template"),
    path("staff/import/failures/", importing.failures, name="import-failures"),
    path("staff/administrators/", administrators.index, name="administrators"),
    path("staff/administrators/hand-over/", administrators.hand_over, name="administrator-hand-over"),
    path("staff/grants/<uuid:appointment>/end/", users.end, name="staff-grant-end"),
    path("staff/grants/<uuid:appointment>/again/", users.again, name="staff-grant-again"),
    path("staff/users/<uuid:account>/", users.member, name="staff-member"),
    path("roles/", roles.index, name="roles"),
    path("roles/new/", roles.new, name="role-new"),
    path(ROLE, roles.role, name="role"),
    path(ROLE + "edit/", roles.edit, name="role-edit"),
    path(ROLE + "switch/", roles.switch, name="role-switch"),
    path(ROLE + "grant/", roles.grant, name="role-grant"),
    path("departments/", departments.index, name="departments"),
    path("departments/new/", departments.new, name="department-new"),
    path(DEPARTMENT, departments.edit, name="department"),
    path(DEPARTMENT + "move/", departments.move, name="department-move"),
    path(DEPARTMENT + "disable/", departments.disable, name="department-disable"),
    path(DEPARTMENT + "enable/", departments.enable, name="department-enable"),
    path("unit-account/", unit_account.index, name="unit-account"),
    path("unit-account/administrator/", unit_account.administrator, name="unit-account-administrator"),
    path("unit-account/deputy/", unit_account.deputy, name="unit-account-deputy"),
    path("superior/", superior.index, name="superior"),
    path("superior/unbind/", superior.unbind, name="superior-unbind"),
]
