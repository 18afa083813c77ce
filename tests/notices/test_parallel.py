"""Several workers and processes at once."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from bole.kernel.clock import now
from bole.notices import actions, connectors, tasks
from bole.notices.models import Delivery
from bole.notices.terms import Channel, Route


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_many_workers_send_each_delivery_once(tmp_path):
    path = tmp_path / "outbox.jsonl"
    actions.configure({Channel.SMS: Route(connectors.FileOutbox(path), at_once=False)})
    moment = now()
    for number in range(40):
        Delivery.objects.create(
            channel="sms", target=str(number), text="x", key=str(number), created_at=moment, next_at=moment
        )

    def work(_: int) -> int:
        try:
            return tasks.deliver_pending()
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(work, range(8))) == 40
    sent = sorted(int(json.loads(line)["to"]) for line in path.read_text().splitlines())
    assert sent == list(range(40))


def test_lines_of_several_writers_stay_whole(tmp_path):
    outbox = connectors.FileOutbox(tmp_path / "outbox.jsonl")
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: outbox.send("sms", str(number), "长文" * 5_000), range(100)))
    lines = [json.loads(line) for line in outbox.path.read_text().splitlines()]
    assert sorted(int(line["to"]) for line in lines) == list(range(100))
