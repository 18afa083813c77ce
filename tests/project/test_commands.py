"""The command line as an operator or an outside tester meets it, each time in a process of its own."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar

import pytest

from bole.project.command import COMMANDS, main
from tests.project.places import DEMO, Place, prepared


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    return prepared(tmp_path_factory, tmp_path_factory.mktemp("commands") / "demo", **DEMO)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_help_names_every_command(capsys):
    with pytest.raises(SystemExit) as end:
        main(["--help"])

    said = capsys.readouterr().out
    assert (end.value.code, [name for name in COMMANDS if f"\n    {name}" not in said]) == (0, [])


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(capsys, name):
    with pytest.raises(SystemExit) as end:
        main([name, "--help"])

    assert (end.value.code, COMMANDS[name] in capsys.readouterr().out) == (0, True)


def test_second_prepare_changes_nothing(demo):
    answer = demo.bole("prepare")

    assert (answer.returncode, answer.stdout, answer.stderr) == (0, "", "")


def test_demo_accounts_have_the_promised_keys(demo):
    listed = json.loads(demo.bole("demo", "accounts", "--json").stdout)

    promised = ["site", "kind", "way", "login", "password", "name", "unit", "shows"]
    assert len(listed) > 200
    assert [account for account in listed if list(account) != promised] == []


def test_demo_is_never_loaded_into_a_real_database(tmp_path, tmp_path_factory):
    place = prepared(tmp_path_factory, tmp_path / "real")

    answer = place.bole("demo", "load")

    assert (answer.returncode, "演示设置不能用于正式数据库" in answer.stderr) == (1, True)
    assert place.sql("SELECT demo, demo_loaded_at FROM project_installation") == [(0, None)]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"BOLE_TEST_MODE": "1", "DJANGO_SETTINGS_MODULE": "bole.project.settings"}, "只能与演示设置一起使用"),
        ({"BOLE_TEST_MODE": "1", "BOLE_BIND": "0.0.0.0:8000"}, "只允许从本机访问"),
        ({"BOLE_TEST_MODE": "1", "BOLE_HOSTS": "bole.example"}, "只允许从本机访问"),
        ({"DJANGO_SETTINGS_MODULE": "bole.project.settings"}, "这是演示数据库"),
        ({"BOLE_HOSTS": "*"}, "没有限定访问域名"),
        ({"BOLE_BIND": "0.0.0.0:8000", "BOLE_HTTPS": "0"}, "必须只经 HTTPS 传送"),
        ({"BOLE_BIND": "0.0.0.0:8000"}, "反向代理"),
    ],
)
def test_unfit_installation_does_not_start(demo, changes, sentence):
    answer = Place(demo.var, **{**DEMO, **changes}).bole("serve")

    assert (answer.returncode, sentence in answer.stderr) == (1, True)


def test_unfit_installation_does_no_background_work_either(demo):
    answer = Place(demo.var, **DEMO, BOLE_HOSTS="*").bole("worker", "--once")

    assert (answer.returncode, "没有限定访问域名" in answer.stderr) == (1, True)


def test_unfit_installation_does_not_start_under_another_server_either(demo):
    environment = {**demo.environment, "DJANGO_SETTINGS_MODULE": "bole.project.settings", "BOLE_TEST_MODE": "1"}
    answer = subprocess.run(
        [sys.executable, "-c", "import bole.project.wsgi"], env=environment, capture_output=True, text=True, check=False
    )

    assert (answer.returncode, "测试模式只能与演示设置一起使用" in answer.stderr) == (1, True)


def test_test_mode_on_a_real_database_is_refused_even_with_demo_settings(tmp_path, tmp_path_factory):
    real = prepared(tmp_path_factory, tmp_path / "real")

    answer = Place(real.var, **DEMO, BOLE_TEST_MODE="1").bole("serve")

    assert (answer.returncode, "演示设置不能用于正式数据库" in answer.stderr) == (1, True)


def test_unprepared_installation_says_what_to_do(tmp_path):
    answer = Place(tmp_path).bole("serve")

    assert (answer.returncode, "请先运行：bole prepare" in answer.stderr) == (1, True)


def test_server_answers_works_in_the_background_and_stops_cleanly(demo):
    port = free_port()
    command = [sys.executable, "-m", "bole.project.command", "serve", "--bind", f"127.0.0.1:{port}"]
    server = subprocess.Popen(
        command, env=demo.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        headers = first_answer(f"http://127.0.0.1:{port}/")
        alive = until(lambda: "运行中" in demo.bole("status").stdout)
    finally:
        server.send_signal(signal.SIGTERM)
        said, _ = server.communicate(timeout=30)

    assert (server.returncode, f"http://127.0.0.1:{port}/" in said, alive) == (0, True, True)
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-request-id"] != ""
    assert not (demo.var / "worker.json").exists()


class Visitor:
    """A browser without a screen: keeps its cookies, fills in the hidden inputs of the page it is on."""

    def __init__(self, site: str) -> None:
        self.site = site
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def get(self, address: str) -> tuple[str, str]:
        with self.opener.open(self.site + address, timeout=20) as answer:
            return answer.geturl().removeprefix(self.site), answer.read().decode()

    def post(self, address: str, page: str, **typed: str) -> str:
        hidden = dict(re.findall(r'<input type="hidden"[^>]*name="([^"]+)" value="([^"]*)"', page))
        request = urllib.request.Request(self.site + address, urllib.parse.urlencode(hidden | typed).encode())
        with self.opener.open(request, timeout=20) as answer:
            return answer.read().decode()


def serving(demo: Place, port: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "bole.project.command", "serve", "--bind", f"127.0.0.1:{port}", "--no-worker"]
    server = subprocess.Popen(
        command, env={**demo.environment, "BOLE_TEST_MODE": "1"}, stdout=subprocess.DEVNULL, start_new_session=True
    )
    first_answer(f"http://127.0.0.1:{port}/")
    return server


def kill(server: subprocess.Popen[str]) -> None:
    """End the server and its children at once, as a power cut does."""
    os.killpg(server.pid, signal.SIGKILL)
    server.wait(timeout=30)


def test_what_was_typed_survives_a_killed_server(demo):
    accounts = json.loads(demo.bole("demo", "accounts", "--json").stdout)
    person = next(each for each in accounts if each["kind"] == "person" and each["shows"].startswith("未上报"))
    port = free_port()
    visitor = Visitor(f"http://127.0.0.1:{port}")
    server = serving(demo, port)
    try:
        _, page = visitor.get("/ningxia/login/")
        answers = {"way": "person", "login": person["login"], "password": person["password"], "captcha": "0000"}
        visitor.post("/ningxia/login/", page, **answers)
        case, _ = visitor.get("/ningxia/services/talent-collection/")
        section = f"{case}sections/supplement/"
        _, page = visitor.get(section)
        kept = json.loads(visitor.post(f"{section}autosave/", page, text="重启之前写下的话"))
    finally:
        kill(server)

    server = serving(demo, port)
    try:
        _, page = visitor.get(section)
    finally:
        kill(server)

    assert kept["version"] >= 1
    assert "重启之前写下的话" in page


def first_answer(address: str) -> dict[str, str]:
    def ask() -> dict[str, str] | None:
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                return dict(answer.headers)
        except urllib.error.HTTPError as error:
            return dict(error.headers)
        except OSError:
            return None

    found = until(ask)
    assert found, "no answer"
    return found


def until(ask, patience: float = 30):
    """What `ask` gives as soon as it gives something, or its last answer when patience is over."""
    end = time.monotonic() + patience
    while not (answer := ask()) and time.monotonic() < end:
        time.sleep(0.2)
    return answer


def test_catalogue_of_the_installation_is_sound(demo):
    answer = demo.bole("catalogue", "check")

    assert (answer.returncode, [line for line in answer.stderr.splitlines() if line.startswith("错误")]) == (0, [])


def test_unknown_service_is_named_with_the_right_way_to_write_it(demo):
    answer = demo.bole("catalogue", "show", "ningxia/nothing", "--json")

    assert (answer.returncode, answer.stderr.startswith("没有事项 ningxia/nothing")) == (1, True)


def test_ledger_of_a_new_installation_verifies(demo):
    assert demo.bole("audit", "seal").returncode == 0

    answer = demo.bole("audit", "verify")

    assert (answer.returncode, "全部完好" in answer.stdout, answer.stderr) == (0, True, "")


def test_template_of_an_import_is_what_the_import_reads(demo, tmp_path):
    for what in ("units", "persons"):
        file = str(tmp_path / f"{what}.xlsx")
        made = demo.bole("import", what, file, "--template")
        read = demo.bole("import", what, file, "--site", "ningxia")
        assert (made.returncode, read.returncode) == (0, 0), (made.stderr, read.stderr)
        assert read.stdout == "新增 0 条，更新 0 条，没有变化 0 条。\n"


def test_missing_file_is_named(demo, tmp_path):
    answer = demo.bole("import", "units", str(tmp_path / "none.xlsx"), "--site", "ningxia")

    assert (answer.returncode, answer.stderr) == (1, f"文件不存在：{tmp_path / 'none.xlsx'}\n")
