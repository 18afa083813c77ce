"""Which visitor gets through to which address: the table that test_matrix.py walks, each address once (G10)."""

PERSONS = frozenset({"lin", "stranger"})
CLERKS = frozenset({"clerk", "foreign clerk"})
REVIEWERS = frozenset({"county", "region"})
OPERATORS = CLERKS | REVIEWERS | {"authorizer", "editor"}
# The school's administrator, the county's (above the school), the hospital's next door.
ADMINISTRATORS = frozenset({"administrator", "superior", "foreign administrator"})
UNITS = OPERATORS | ADMINISTRATORS | {"unit account"}
LOGGED_IN = PERSONS | UNITS
EVERYBODY = LOGGED_IN | {"nobody"}

# The school itself, and whoever stands above it.
SEES_SCHOOL = frozenset(
    {"clerk", "administrator", "unit account", "superior", "county", "authorizer", "region", "editor"}
)

# Lin's case lies at the county: the school's clerk has passed it on, the region has not seen it yet.
SEES_CASE = frozenset({"lin", "clerk", "county"})

GETS_THROUGH: dict[str, frozenset[str]] = {
    **dict.fromkeys(
        (
            "root",
            "codes",
            "captcha",
            "offline",
            "home",
            "announcements",
            "policies",
            "article",
            "search",
            "downloads",
            "manual",
            "accessibility",
            "privacy",
            "complaints",
            "complaint-answer",
            "complaint",
            "check",
            "login",
            "register",
            "register-unit",
            "forgot",
            "activate",
            "login-by-code",
            "federation-left",
        ),
        EVERYBODY,
    ),
    "check-code": frozenset(),  # no paper was given out; its own test is in test_printing.py
    "download": frozenset(),  # there is none; its own test is in test_portal_pages.py
    "logout": EVERYBODY,  # whoever is not logged in is sent home
    **dict.fromkeys(("assure", "password", "landing", "messages"), LOGGED_IN),
    **dict.fromkeys(("choose-unit", "second-factor"), LOGGED_IN),
    # Who has not come back from an identity provider: strangers are refused, others sent to their own place.
    "federation-register": LOGGED_IN,
    # No identity provider is configured, no identity is bound. Their own tests are in tests/federation.
    **dict.fromkeys(("federation-start", "federation-return", "federation-bind", "federation-unbind"), frozenset()),
    **dict.fromkeys(
        (
            "security",
            "add-name",
            "add-phone-name",
            "change-phone",
            "change-email",
            "add-authenticator",
            "add-passkey",
            "recovery-codes",
            "end-other-sessions",
        ),
        LOGGED_IN,
    ),
    # What they name is nobody's. Their own tests are in test_security.py.
    **dict.fromkeys(("remove-name", "remove-factor", "end-session", "forget-device"), frozenset()),
    "my-business": frozenset(),  # this site has no menu of businesses; its own test is in the journeys of 深圳
    **dict.fromkeys(("me", "my-cases", "my-services", "my-profile", "my-archive", "my-looks"), PERSONS),
    "my-archive-export": frozenset({"lin"}),  # the archives of the others are still empty
    "offer": frozenset(),
    "read-message": frozenset(),
    "start": PERSONS,
    "desk": UNITS,
    # The editor of the matrix also keeps the catalogue of titles.
    **dict.fromkeys(
        (
            "titles",
            "title",
            "title-new",
            "title-retire",
            "committee",
            "committee-new",
            "committee-retire",
            "titles-import",
            "titles-template",
            "titles-export",
            "portal-desk",
            "portal-new",
            "portal-article",
            "portal-preview",
            "portal-publish",
            "portal-withdraw",
            "portal-downloads",
            "portal-complaints",
        ),
        frozenset({"editor"}),
    ),
    "portal-remove": frozenset(),
    "portal-complaint": frozenset(),
    **dict.fromkeys(
        (
            "case",
            "preview",
            "submitted",
            "section",
            "evidence",
            "print",
            "print-pages",
            "print-page",
            "attachment",
            "attachment-thumb",
            "attachment-page",
            "attachment-leaves",
            "attachment-spots",
            "evidence-place",
            "conflict",
            "opening",
        ),
        SEES_CASE,
    ),
    # In review nothing can be typed, and the unit has begun: nobody gets through, the person concerned included.
    **dict.fromkeys(
        (
            "section-autosave",
            "section-none",
            "section-choices",  # no field of the case is chosen from a catalogue; test_choosing.py has one
            "record-new",
            "record",
            "record-autosave",
            "attach",
            "explain",
            "gap",
            "attachment-order",
            "attachment-change",
            "attachment-act",
        ),
        frozenset(),
    ),
    "record-drop": SEES_CASE,  # throws away one's own unsaved typing, and nothing else
    "record-remove": frozenset(),
    "submit": SEES_CASE,  # it was submitted already: told so, nothing happens
    "withdraw": frozenset(),
    "cancel": frozenset({"lin"}),  # led back to the case and told that it cannot be ended now
    **dict.fromkeys(
        ("unit-collection", "unit-export", "unit-profile", "unit-superiors", "unit-route", "unit-new"), CLERKS
    ),
    "unit-affairs": UNITS,  # what is listed depends on the capacity
    "unit-start": UNITS,  # what is collected for persons leads on to unit-new, which asks
    "lookup": LOGGED_IN,
    **dict.fromkeys(("attest", "attest-ask", "attest-send-code", "attest-check-code", "attest-paper"), frozenset()),
    **dict.fromkeys(("review", "matrix"), CLERKS | REVIEWERS),  # clerks are led to their own page
    **dict.fromkeys(
        ("review-export", "review-print", "review-choose", "review-filters", "work-search", "work-search-export"),
        REVIEWERS,
    ),
    "review-batch-next": frozenset(),  # nothing is on its way
    "work-exports": UNITS,  # everybody's own
    **dict.fromkeys(("work-export-stop", "work-export-file"), frozenset()),  # there is none
    **dict.fromkeys(("review-claim", "review-hand-over", "review-spot"), frozenset({"county"})),
    **dict.fromkeys(
        ("account-review", "account-review-export", "account-review-choose", "account-review-filters"), ADMINISTRATORS
    ),
    "review-batch": REVIEWERS | ADMINISTRATORS,  # sent without a case it says so
    "reroute": CLERKS | ADMINISTRATORS,
    # Sent without a case they say so; nothing waits for 送审 here, and nothing has results.
    **dict.fromkeys(("dispatch-upload", "dispatch-remove", "dispatch-send", "dispatch-publicity"), REVIEWERS),
    **dict.fromkeys(
        (
            "dispatch-paper",
            "results",
            "results-export",
            "results-template",
            "results-import",
            "results-publish",
            "results-announce",
            "result",
            "result-end",
            "result-restore",
        ),
        frozenset(),
    ),
    **dict.fromkeys(("review-case", "review-phrases", "review-draft", "review-paper"), frozenset({"clerk", "county"})),
    "my-phrases": UNITS,
    "review-opening": frozenset({"clerk", "county"}),  # shown again: nothing was answered
    "authorization": frozenset({"authorizer"}),
    # Posted without saying what for: nothing is found. Their own tests are in tests/web/staff.
    "review-recall": frozenset({"clerk", "county"}),  # sent without what was seen: told so
    **dict.fromkeys(("review-unmask", "review-before", "authorization-enable", "authorization-choose"), frozenset()),
    "appointment": frozenset({"authorizer"}),
    "appointment-end": frozenset({"authorizer"}),  # the reason is missing: told so
    # Registration of units, invitations, a unit's people; this site has neither checked units nor transfers.
    "invitation": EVERYBODY,
    **dict.fromkeys(("register-unit-service", "invited", "transfers", "transfer-new"), frozenset()),
    **dict.fromkeys(("applicants", "applicant-new"), ADMINISTRATORS),
    **dict.fromkeys(
        (
            "applicant",
            "applicant-reset",
            "applicant-remove",
            "applicant-change",
            "applicant-renew",
            "applicant-withdraw",
        ),
        frozenset({"administrator"}),
    ),
    # Account management: own things for the administrator, lower units for the superior, nothing for neighbours.
    **dict.fromkeys(("organizations", "organizations-more", "lower-units"), UNITS),
    **dict.fromkeys(("organization", "organization-children"), SEES_SCHOOL),
    "organization-new": frozenset({"administrator", "superior"}),
    **dict.fromkeys(
        (
            "organization-account",
            "organization-review",
            "organization-emergency",
            "organization-remove",
            "organization-close",
        ),
        frozenset({"superior"}),
    ),
    **dict.fromkeys(
        (
            "organizations-import",
            "organizations-template",
            "staff",
            "staff-new",
            "staff-clean",
            "operators-import",
            "operators-template",
            "administrators",
            "administrator-hand-over",
            "roles",
            "role",
            "role-grant",
            "departments",
            "department-new",
            "superior",
            "superior-unbind",
        ),
        ADMINISTRATORS,
    ),
    "import-failures": frozenset(),  # posted without a workbook
    "role-new": frozenset({"superior"}),  # units only grant
    **dict.fromkeys(("role-edit", "role-switch"), frozenset()),  # the role is the province's
    **dict.fromkeys(
        (
            "staff-reset",
            "staff-member",
            "staff-grant-end",
            "staff-grant-again",
            "department",
            "department-move",
            "department-disable",
            "department-enable",
        ),
        frozenset({"administrator"}),
    ),
    **dict.fromkeys(("unit-account", "unit-account-administrator", "unit-account-deputy"), frozenset({"unit account"})),
}
