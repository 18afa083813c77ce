"""Log lines carry the request they belong to, and no personal data."""

import json
import logging

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from bole.project.logs import JsonLines, request_id, request_log, scrub


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("证件号 11010519491231002X 有误", "证件号 [证件号] 有误"),
        ("id=440524880101001,", "id=[证件号],"),
        ("tel 13800000000 ok", "tel [手机号] ok"),
        ("mail to lin.y@example.org now", "mail to [邮箱] now"),
        (
            "case 0b6d1f0e-9c1c-4d8e-8f43-440524880101 took 13800 ms",
            "case 0b6d1f0e-9c1c-4d8e-8f43-440524880101 took 13800 ms",
        ),
    ],
)
def test_personal_data_do_not_get_into_a_line(text, shown):
    assert scrub(text) == shown


def line(**changes):
    record = logging.LogRecord("bole.x", logging.INFO, __file__, 1, "tel %s", ("13800000000",), None)
    record.__dict__.update(changes)
    return json.loads(JsonLines().format(record))


def test_a_line_is_one_json_object():
    assert {key: line()[key] for key in ("level", "logger", "message")} == {
        "level": "info", "logger": "bole.x", "message": "tel [手机号]",
    }  # fmt: skip


def test_a_traceback_is_scrubbed_too():
    try:
        raise ValueError("11010519491231002X")
    except ValueError as error:
        made = line(exc_info=(type(error), error, error.__traceback__))

    assert "11010519491231002X" not in json.dumps(made)
    assert made["trace"].endswith("ValueError: [证件号]")


def test_answer_and_lines_carry_the_same_request_name(caplog):
    seen = []

    def view(_request):
        seen.append((request_id(), line()["request"]))
        return HttpResponse("ok")

    with caplog.at_level(logging.INFO, "bole.access"):
        answer = request_log(view)(RequestFactory().get("/ningxia/?name=林"))

    assert seen == [(answer["X-Request-ID"], answer["X-Request-ID"])]
    assert [record.getMessage().startswith("GET /ningxia/ 200 ") for record in caplog.records] == [True]
    assert request_id() == ""
