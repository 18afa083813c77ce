"""Checks of the settings. Each fault is one Chinese sentence saying what is wrong and what to do (C15)."""

import sqlite3
import stat
from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings
from django.core.checks import Error, register

from bole.accounts.actions import federation
from bole.organizations import queries as organizations
from bole.project import environment as env

TAG = "bole"
SAFE_WAL = (3, 51, 3)  # before this release WAL may corrupt the file when two connections write at once


def _error(number: int, say: str) -> Error:
    return Error(say, id=f"bole.E{number}")


@register(TAG)
def secrets_are_sound(**_: Any) -> list[Error]:
    """The signing key is long, the sealing keys are whole, and nobody else may read their file."""
    found, keys = [], settings.BOLE_KEYS
    if len(settings.SECRET_KEY) < 50 or len(set(settings.SECRET_KEY)) < 10:
        found.append(_error(101, "签名密钥太短：密钥文件中的 secret_key 至少要有 50 个随机字符。请重新生成后再启动。"))
    if keys.current not in keys.masters or any(len(key) != 32 for key in keys.masters.values()):
        found.append(
            _error(102, "加密主密钥不完整：masters 中每个密钥须为 32 字节，且包含 current 所指的编号。请取回密钥文件。")
        )
    if len(keys.index) != 32 or keys.index in keys.masters.values():
        found.append(
            _error(103, "索引密钥不正确：index 须为 32 字节，且不得与主密钥相同。请从备份中取回原来的密钥文件。")
        )
    path = env.secret_path()
    if path.exists() and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        found.append(_error(104, f"密钥文件可被其他用户读取。请执行：chmod 600 {path}"))
    return found


@register(TAG)
def nothing_is_left_open(**_: Any) -> list[Error]:
    """No debug pages, a closed list of host names, and HTTPS for everybody who is not on this machine."""
    found = []
    if settings.DEBUG:
        found.append(_error(111, "调试模式会向访问者显示程序内部信息。请关闭 DEBUG 后再启动。"))
    if not settings.ALLOWED_HOSTS or any(host.startswith("*") for host in settings.ALLOWED_HOSTS):
        found.append(_error(112, "没有限定访问域名。请用 BOLE_HOSTS 逐个列出本系统的域名，不能使用 *。"))
    if not settings.BOLE_LOCAL:
        found += list(_without_https())
    return found


def _without_https() -> Iterator[Error]:
    cookies = settings.SESSION_COOKIE_SECURE and settings.CSRF_COOKIE_SECURE
    if not (cookies and settings.SESSION_COOKIE_NAME.startswith("__Host-") and settings.SESSION_COOKIE_HTTPONLY):
        yield _error(113, "本系统可从其他计算机访问，登录凭据必须只经 HTTPS 传送。请不要关闭 BOLE_HTTPS。")
    if not (settings.SECURE_SSL_REDIRECT and settings.SECURE_HSTS_SECONDS):
        yield _error(114, "本系统可从其他计算机访问，必须把所有访问转到 HTTPS。请不要关闭 BOLE_HTTPS。")
    if not settings.SECURE_PROXY_SSL_HEADER:
        yield _error(115, "本系统可从其他计算机访问，须由反向代理提供 HTTPS。配置好代理后，请设置 BOLE_PROXY=1。")


@register(TAG)
def test_mode_is_fenced(**_: Any) -> list[Error]:
    """Fixed captcha and codes need demo settings and a loopback address; the database is looked at by startup.py."""
    if not settings.BOLE_TEST_MODE_ASKED and not settings.BOLE_TEST_MODE:
        return []
    found = []
    if not settings.DEMO:
        found.append(_error(121, "测试模式只能与演示设置一起使用。正式环境请去掉环境变量 BOLE_TEST_MODE。"))
    if not settings.BOLE_LOCAL:
        found.append(
            _error(122, "测试模式使用固定的验证码，只允许从本机访问。请把 BOLE_BIND 和 BOLE_HOSTS 改为 127.0.0.1。")
        )
    return found


@register(TAG)
def the_database_is_safe(**_: Any) -> list[Error]:
    """SQLite runs in the mode in which committed work survives a power cut and writers wait for each other."""
    database = settings.DATABASES["default"]
    return sqlite_faults(database) if "sqlite3" in database["ENGINE"] else []


def sqlite_faults(database: Mapping[str, Any]) -> list[Error]:
    """What is unsafe in the configuration of one SQLite database."""
    options = database.get("OPTIONS", {})
    command = str(options.get("init_command", "")).replace(" ", "").upper()
    found = []
    if options.get("transaction_mode") != "IMMEDIATE":
        found.append(_error(131, "SQLite 的事务方式必须是 IMMEDIATE，否则两人同时办理会互相覆盖。请恢复默认设置。"))
    if "SYNCHRONOUS=FULL" not in command and "SYNCHRONOUS=EXTRA" not in command:
        found.append(_error(132, "SQLite 的 synchronous 必须是 FULL，否则断电会丢失已提交的办理结果。请恢复默认设置。"))
    if "JOURNAL_MODE=TRUNCATE" not in command and "JOURNAL_MODE=DELETE" not in command:
        if "JOURNAL_MODE=WAL" not in command:
            found.append(_error(133, "SQLite 的 journal_mode 必须是 TRUNCATE。请恢复默认设置。"))
        elif sqlite3.sqlite_version_info < SAFE_WAL:
            say = f"SQLite {sqlite3.sqlite_version} 的 WAL 方式可能损坏数据，3.51.3 起才可使用。请改回 TRUNCATE。"
            found.append(_error(134, say))
    return found


@register(TAG)
def identity_providers_are_sound(**_: Any) -> list[Error]:
    """Each provider is whole, belongs to known sites and is asked over HTTPS; secrets in files are read by no other."""
    sites = frozenset(each.code for each in organizations.sites())
    try:
        federation.read_providers(settings.BOLE_IDENTITY_PROVIDERS, sites or None)
    except federation.BrokenProviders as wrong:
        return [_error(141, sentence) for sentence in wrong.sentences]
    return []
