"""Sizes, lock files, hosts, templates: the checks of make check, and that each can fail."""

import json
import re

import pytest
from tools import locks, sizes, templates
from tools.files import ROOT, texts


def test_files_are_short_enough_to_read():
    assert sizes.faults() == []


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("src/bole/cases/actions.py", 400),
        ("tests/cases/test_actions.py", 500),
        ("tools/sizes.py", 150),
        ("src/bole/cases/migrations/0001_initial.py", None),
        ("docs/architecture.md", None),
    ],
)
def test_each_kind_of_file_has_its_limit(path, most):
    assert sizes.limit(path) == most


def test_a_long_file_and_a_growing_kernel_are_refused(monkeypatch):
    monkeypatch.setattr(
        sizes, "texts", lambda *_: iter([("src/bole/kernel/x.py", "\n" * 399)] * 3 + [("a.py", "\n" * 400)])
    )

    assert [fault.split(":")[0] for fault in sizes.faults()] == ["a.py", "src/bole/kernel"]


def test_lock_files_are_whole():
    assert [fault for path in locks.LOCKS for fault in locks.lock_faults(path)] + locks.agreement_faults() == []


def test_packages_of_the_test_provider_are_locked_by_hash(monkeypatch, tmp_path):
    assert locks.package_faults() == []

    monkeypatch.setattr(locks, "ROOT", tmp_path)
    packages = {"": {}, "a": {"integrity": "sha512-x", "resolved": "somewhere"}, "b": {"integrity": "sha1-x"}}
    (tmp_path / "lock.json").write_text(json.dumps({"packages": packages}))

    assert [fault.split(": ")[1] for fault in locks.package_faults("lock.json")] == [
        "names where it came from", "no hash",
    ]  # fmt: skip


def test_unpinned_and_unhashed_libraries_are_refused(monkeypatch, tmp_path):
    monkeypatch.setattr(locks, "ROOT", tmp_path)
    text = "# by hand\nfine==1 \\\n    --hash=sha256:00\nbare==2\nloose>=3 --hash=sha256:00\n--index-url https://a.example\n"
    (tmp_path / "lock.txt").write_text(text)

    assert [fault.split(": ")[1] for fault in locks.lock_faults("lock.txt")] == [
        "no hash", "not a pinned library", "not a pinned library",
    ]  # fmt: skip


def test_nothing_names_where_packages_come_from():
    assert locks.host_faults() == []


def test_addresses_in_what_builds_and_a_configured_source_anywhere_are_found(monkeypatch):
    lines = "fine\nfetch https://packages.example.org/x\nsee /srv/packages-here\n"
    monkeypatch.setattr(locks, "texts", lambda: iter([("tools/fetch.sh", lines), ("docs/a.md", lines)]))
    monkeypatch.setattr(locks, "_configured", lambda: {"/srv/packages-here"})

    said = "names where packages come from"
    assert locks.host_faults() == [f"tools/fetch.sh:2: {said}", f"tools/fetch.sh:3: {said}", f"docs/a.md:3: {said}"]


def test_templates_keep_the_content_security_policy():
    assert templates.faults() == []


@pytest.mark.parametrize(
    ("markup", "count"),
    [
        ('<script src="{% static "a.js" %}" defer></script>', 0),
        ('<script type="application/json" id="x">{}</script>', 0),
        ("<script>alert(1)</script>", 1),
        ("<style>p{}</style>", 1),
        ('<p style="color:red">', 1),
        ('<a onclick="x()">', 1),
        ('<a hx-on:click="x()">', 1),
        ('<img src="https://cdn.example/x.png">', 1),
        ('<a href="javascript:x()">', 1),
        ('<form method="post">{% csrf_token %}</form>', 0),
        ('<form method="post"></form>', 1),
        ('<form method="get"></form>', 0),
    ],
)
def test_template_lint_finds_what_the_policy_would_block(markup, count):
    assert len(templates.html_faults("x.html", markup)) == count


@pytest.mark.parametrize(
    ("line", "count"),
    [
        ("{{ body }}", 0),
        ("{{ body|safe }}", 1),
        ("{{ body|safe }}{# safe: sanitised when it was saved #}", 0),
        ("{# safe: sanitised when it was saved #}\n{{ body|safe }}", 0),
        ("return mark_safe(text)", 1),
        ("return mark_safe(text)  # safe: every part was escaped above", 0),
    ],
)
def test_unescaped_output_needs_a_reason(line, count):
    assert len(templates.unescaped_faults("x", line)) == count


def test_no_room_has_a_junk_drawer():
    junk = {"utils", "util", "helpers", "helper", "common", "core", "manager", "managers", "misc"}
    named = {path for path, _ in texts(".py") if junk & set(re.split(r"[/.]", path))}
    # The word service is kept for 事项: no room has a layer of that name.
    layers = {path for path, _ in texts(".py") if re.fullmatch(r"src/bole/[^/]+/services(\.py|/.*)", path)}

    assert named | layers == set()


def test_every_room_says_what_it_owns():
    inits = list((ROOT / "src" / "bole").glob("*/__init__.py"))

    assert [str(path) for path in inits if not path.read_text().lstrip().startswith('"""')] == []


def test_nothing_is_left_for_later():
    later = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")

    assert [path for path, text in texts(".py", ".html", ".js", ".css", ".sh") if later.search(text)] == []
