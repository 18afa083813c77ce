"""BOLE_IDENTITY_PROVIDERS: what is taken, and each broken setting refused with a sentence that says where."""

import json

import pytest
from django.test import override_settings

from bole.accounts.actions.federation import BrokenProviders, read_providers
from bole.project import startup

GOOD = {
    "code": "shebao",
    "name": "电子社保卡",
    "issuer": "https://id.example.gov.cn/oidc",
    "client_id": "bole",
    "client_secret": "s3cret",
    "claims": {"number": "id_number", "name": "name", "phone": "phone_number"},
}
SITES = frozenset({"ningxia", "henan"})


def faults(**changes) -> str:
    with pytest.raises(BrokenProviders) as broken:
        read_providers(
            json.dumps([{name: each for name, each in {**GOOD, **changes}.items() if each is not ...}]), SITES
        )
    return "\n".join(broken.value.sentences)


def test_a_good_configuration_is_read_from_the_variable_or_a_file(tmp_path):
    (from_text,) = read_providers(json.dumps([GOOD]), SITES)
    secret = tmp_path / "secret"
    secret.write_text("from a file\n")
    place = tmp_path / "providers.json"
    place.write_text(json.dumps([{**GOOD, "client_secret": "", "client_secret_file": str(secret)}]))
    place.chmod(0o600)
    secret.chmod(0o600)
    (from_file,) = read_providers(str(place), SITES)

    assert from_text.client_secret == "s3cret"
    assert from_file.client_secret == "from a file"
    assert from_text.algorithms == ("RS256", "PS256", "ES256")
    assert "s3cret" not in repr(from_text)
    assert read_providers("") == read_providers("  ") == ()


@pytest.mark.parametrize(("changes", "sentence"), [
    ({"code": "电子"}, "code 只能用小写字母"),
    ({"code": ...}, "第 1 项 code：缺少这一项"),
    ({"name": " "}, "name 不能为空"),
    ({"issuer": "http://id.example.gov.cn"}, "issuer 必须以 https:// 开头"),
    ({"issuer": "id.example.gov.cn"}, "issuer 应为认证来源公布的完整地址"),
    ({"issuer": "https://u:p@id.example.gov.cn"}, "issuer 应为认证来源公布的完整地址"),
    ({"issuer": "https://id.example.gov.cn/?x=1"}, "issuer 不能带 ? 或 #"),
    ({"issuer": f"https://id.example.gov.cn/{'x' * 300}"}, "issuer 最多 255 个字符"),
    ({"hosts": ["https://x.example"]}, "hosts 只写主机名"),
    ({"hosts": ["x.example/path"]}, "hosts 只写主机名"),
    ({"client_secret": ...}, "请填写 client_secret 或 client_secret_file"),
    ({"client_secret_file": "/nowhere"}, "client_secret_file：读不到 /nowhere"),
    ({"client_authentication": "none"}, "client_authentication 只能是"),
    ({"scopes": ["profile"]}, "scopes 必须包含 openid"),
    ({"algorithms": ["none"]}, "不接受未签名或用共享密钥签名"),
    ({"algorithms": ["RS256", "HS256"]}, "不接受未签名或用共享密钥签名"),
    ({"algorithms": []}, "algorithms 只能从"),
    ({"max_age": -1}, "max_age 是秒数"),
    ({"max_age": "soon"}, "第 1 项 max_age：填写的格式不对"),
    ({"claims": {"number": "id_number"}}, "number 与 name 要么都填"),
    ({"claims": {"nummer": "id_number"}}, "claims.nummer：没有这个设置项"),
    ({"sites": ["ningxia", "atlantis"]}, "sites 中没有这个办事大厅：atlantis"),
    ({"secret": "x"}, "第 1 项 secret：没有这个设置项"),
    ({"ca_file": "/nowhere"}, "ca_file 读不到"),
])  # fmt: skip
def test_each_fault_has_its_sentence(changes, sentence):
    assert sentence in faults(**changes)


def test_providers_are_told_apart():
    twice = json.dumps([GOOD, {**GOOD, "code": "other"}, {**GOOD, "issuer": "https://b.example"}])
    with pytest.raises(BrokenProviders) as broken:
        read_providers(twice)

    assert [sentence.partition("：")[2] for sentence in broken.value.sentences] == [
        "code「shebao」出现了两次，每个认证来源只能配置一次。",
        "issuer「https://id.example.gov.cn/oidc」出现了两次，每个认证来源只能配置一次。",
    ]


@pytest.mark.parametrize(("configured", "sentence"), [
    ("/nowhere/providers.json", "指向的文件读不到"),
    ("[{]", "不是正确的 JSON"),
    ('{"code": "shebao"}', "应是一个列表"),
])  # fmt: skip
def test_the_start_is_refused(configured, sentence):
    with override_settings(BOLE_IDENTITY_PROVIDERS=configured):
        assert [sentence in fault for fault in startup.settings_faults()] == [True]


def test_a_file_that_others_can_read_is_refused(tmp_path):
    place = tmp_path / "providers.json"
    place.write_text(json.dumps([GOOD]))
    place.chmod(0o644)

    with pytest.raises(BrokenProviders, match="chmod 600"):
        read_providers(str(place))


def test_a_secret_that_others_can_read_is_refused(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("x")
    secret.chmod(0o644)

    assert "chmod 600" in faults(client_secret=..., client_secret_file=str(secret))


def test_sites_are_known_to_the_start():
    with override_settings(BOLE_IDENTITY_PROVIDERS=json.dumps([{**GOOD, "sites": ["atlantis"]}])):
        assert "没有这个办事大厅：atlantis" in startup.settings_faults()[0]
    with override_settings(BOLE_IDENTITY_PROVIDERS=json.dumps([{**GOOD, "sites": ["ningxia"]}])):
        assert startup.settings_faults() == []
