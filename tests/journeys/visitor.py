"""Somebody at a browser without scripts: reads pages, follows links, fills in forms and presses buttons."""

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, TestCase
from lxml import html

from tests.factories.organizations import PASSWORD

CODE, CAPTCHA = "000000", "0000"


class Visitor:
    """One browser. Every form is sent as the page gives it, hidden fields included; fields are named as in the page."""

    def __init__(self, site: str) -> None:
        self.site = site
        self.client = Client(enforce_csrf_checks=True)
        self.address, self.status, self.tree = f"/{site}/", 200, html.fromstring("<html></html>")

    @property
    def text(self) -> str:
        """What can be read."""
        for hidden in self.tree.xpath("//script|//style|//template"):
            hidden.text = ""
        return re.sub(r"\s+", " ", self.tree.text_content())

    def go(self, path: str, expect: int = 200) -> "Visitor":
        """Open an address of the site."""
        self._send("GET", path if path.startswith("/") else f"/{self.site}/{path}", {}, expect)
        return self

    def follow(self, words: str, expect: int = 200) -> "Visitor":
        """Click the link that reads so, or whose name for screen readers does."""
        for link in self.tree.xpath("//a[@href]"):
            read = re.sub(r"\s+", "", f"{link.text_content()}{link.get('aria-label', '')}")
            if words.replace(" ", "") in read:
                self._send("GET", urljoin(self.address, link.get("href")), {}, expect)
                return self
        raise AssertionError(f"no link 「{words}」 at {self.address}: {self.text[:600]}")

    def press(self, words: str, expect: int = 200, near: str = "", **typed: Any) -> "Visitor":
        """Press the button that reads so, after typing into its form; `near` is something read in the same form."""
        for button in self.tree.xpath("//button[not(@type='button')]|//input[@type='submit']"):
            read = re.sub(r"\s+", "", button.text_content() or button.get("value", ""))
            form = self._form_of(button)
            if words.replace(" ", "") not in read or form is None:
                continue
            if not (near and near not in form.text_content() + str(form.get("action"))) and self._has(form, typed):
                fields = self._fields(form) | {name.replace("__", "-"): value for name, value in typed.items()}
                if button.get("name"):
                    fields[button.get("name")] = button.get("value", "")
                method = (button.get("formmethod") or form.get("method") or "get").upper()
                action = button.get("formaction") or form.get("action") or self.address
                self._send(method, urljoin(self.address, action), fields, expect)
                return self
        raise AssertionError(f"no button 「{words}」 with {sorted(typed)} at {self.address}: {self._offer()}")

    def value(self, name: str, words: str) -> str:
        """The value of the choice called `name` that reads so: a box to tick, a circle, an option."""
        for choice in self.tree.xpath(f"//input[@name='{name}']|//select[@name='{name}']//option"):
            label = self.tree.xpath(f"//label[@for='{choice.get('id')}']") if choice.get("id") else []
            near = [choice] if choice.tag == "option" else [*label, *choice.xpath("ancestor::label|ancestor::tr[1]")]
            if any(words in f"{each.text_content()}{choice.get('aria-label', '')}" for each in near):
                return str(choice.get("value", ""))
        raise AssertionError(f"no choice 「{words}」 for {name} at {self.address}: {self._offer()}")

    def reads(self, *words: str) -> "Visitor":
        """The page says all this. Raises AssertionError."""
        for each in words:
            assert each in self.text, f"「{each}」 not at {self.address}: {self.text[:1500]}"
        return self

    def _form_of(self, button: Any) -> Any:
        if button.get("form"):
            found = self.tree.xpath(f"//form[@id='{button.get('form')}']")
            return found[0] if found else None
        found = button.xpath("ancestor::form")
        return found[0] if found else None

    def _has(self, form: Any, typed: dict[str, Any]) -> bool:
        names = {field.get("name") for field in self._controls(form)}
        return all(name.replace("__", "-") in names for name in typed)

    def _controls(self, form: Any) -> list[Any]:
        own = form.xpath(".//input[@name]|.//select[@name]|.//textarea[@name]")
        if form.get("id"):
            own += self.tree.xpath(f"//*[@form='{form.get('id')}'][@name][not(self::button)]")
        return [field for field in own if field.get("disabled") is None]

    def _fields(self, form: Any) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for field in self._controls(form):
            name, kind = field.get("name"), field.get("type", "text")
            if field.tag == "select":
                chosen = field.xpath(".//option[@selected]") or field.xpath(".//option")
                found[name] = chosen[0].get("value", chosen[0].text_content().strip()) if chosen else ""
            elif field.tag == "textarea":
                found[name] = field.text or ""
            elif kind in ("checkbox", "radio"):
                if field.get("checked") is not None:
                    found[name] = field.get("value", "on")
            elif kind not in ("submit", "file", "button", "image"):
                found[name] = field.get("value", "")
        return found

    def _offer(self) -> str:
        shown = []
        for form in self.tree.xpath("//form"):
            buttons = [re.sub(r"\s+", "", each.text_content()) for each in form.xpath(".//button")]
            shown.append(f"{buttons} {sorted({each.get('name') for each in self._controls(form)})}")
        return " | ".join(shown) + " … " + self.text[:800]

    def _send(self, method: str, address: str, fields: dict[str, Any], expect: int) -> None:
        with TestCase.captureOnCommitCallbacks(execute=True):
            send = self.client.get if method == "GET" else self.client.post
            response: Any = send(address, fields, follow=True)
        self.status = response.status_code
        chain = response.redirect_chain
        self.address = urljoin(address, chain[-1][0]) if chain else address
        content = b"".join(response) if response.streaming else response.content
        if "html" in response.get("Content-Type", ""):
            self.tree = html.fromstring(content.decode() or "<html></html>")
        assert self.status == expect, f"{self.status} at {method} {self.address}: {self.text[:1500]}"

    def log_in(self, number: str, *, way: str = "person", password: str = PASSWORD, expect: int = 200) -> "Visitor":
        """The log-in box with its captcha; a second factor by the code to the phone where one is asked for."""
        self.go("login/")
        self.press("登录", way=way, login=number, password=password, captcha=CAPTCHA, expect=expect)
        return self.prove()

    def register(self, number: str, name: str, phone: str, *, founder: bool = False) -> "Visitor":
        """「立即注册」, all steps, on a site where persons register themselves."""
        self.go("register/" + ("?founder=1" if founder else ""))
        self.press("下一步", kind="resident", number=number, name=name, agreed="1")
        self.press("获取验证码", phone=phone).press("下一步", code=CODE)
        return self.press("注册", password=PASSWORD, again=PASSWORD)

    def prove(self) -> "Visitor":
        """Give the code sent to the phone where a second factor is asked for."""
        if "/login/factor/" in self.address:
            if self.tree.xpath("//button[contains(., '获取验证码')]"):
                self.press("获取验证码")
            self.press("验证", code=CODE)
        return self

    def hand_in(self) -> str:
        """From any page of a case through the preview to the receiver; the case's number."""
        number = re.findall(r"/cases/([^/]+)/", self.address)[0]
        self.go(f"cases/{number}/preview/").press("确认无误上报")
        return str(number)

    def ask(self, service: str, unit: str, section: str = "", **typed: Any) -> str:
        """Open a service of a chosen unit, fill in one section where there is something to fill, hand it in."""
        self.go(f"services/{service}/")
        if "/cases/" not in self.address:
            self.press("查找", q=unit)
            self.press("确认选择", unit=self.value("unit", unit))
        if section:
            self.go(f"{self.address}sections/{section}/").press("保存", **typed)
        return self.hand_in()

    def decide(self, number: str, words: str, opinion: str = "") -> "Visitor":
        """At the desk: open the case from 「审核账户」 and save the verdict that reads so."""
        self.go(f"work/{number}/")
        return self.press("保存", verdict=self.value("verdict", words), opinion=opinion)

    def choose(self, words: str) -> "Visitor":
        """Take the capacity that reads so at 「选择身份」."""
        if "/login/unit/" in self.address:
            self.press(words)
        return self.prove()

    def log_out(self) -> "Visitor":
        """「退出登录」."""
        self.press("退出")
        return self


def picture(name: str = "证书.jpg") -> SimpleUploadedFile:
    """A scan."""
    from tests.factories.cases import picture as drawn

    return SimpleUploadedFile(name, drawn(), content_type="image/jpeg")


def texts_to(phone: str) -> list[str]:
    """What was sent to the phone, the last one last."""
    path = Path(settings.BOLE_OUTBOX)
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [line["text"] for line in map(json.loads, lines) if line["to"] == phone]
