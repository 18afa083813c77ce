/* Passkeys: form[data-passkey="create|get"][data-options] asks the browser and sends what it answers in the field
   "answer". Without script, or without passkeys in the browser, the form stays hidden and other ways are left. */
import { on, onContent, one, within } from "./page.js";

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const opened = (list) => (list || []).map((each) => ({ ...each, id: bytes(each.id) }));

const ask = {
  create: (said) => navigator.credentials.create({ publicKey: {
    ...said, challenge: bytes(said.challenge), user: { ...said.user, id: bytes(said.user.id) }, excludeCredentials: opened(said.excludeCredentials),
  } }),
  get: (said) => navigator.credentials.get({ publicKey: { ...said, challenge: bytes(said.challenge), allowCredentials: opened(said.allowCredentials) } }),
};
const PARTS = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
const written = (made) => JSON.stringify({
  id: made.id, rawId: text(made.rawId), type: made.type, clientExtensionResults: {},
  response: Object.fromEntries(PARTS.filter((part) => made.response[part]).map((part) => [part, text(made.response[part])])),
});

onContent((part) => within(part, "form[data-passkey]").forEach((form) => {
  if (window.PublicKeyCredential && navigator.credentials) form.hidden = false;
}));

on("submit", "form[data-passkey]", async (event, form) => {
  const answer = one('input[name="answer"]', form);
  if (answer.value) return;
  event.preventDefault();
  const button = event.submitter, said = one("[data-passkey-said]", form);
  said.hidden = true;
  try {
    answer.value = written(await ask[form.dataset.passkey](JSON.parse(form.dataset.options)));
    form.requestSubmit(button);
  } catch (error) {
    const known = { NotAllowedError: "没有完成验证：取消了，或者等待太久。可以再试一次。", InvalidStateError: "这台设备上已有这个账号的通行密钥。", SecurityError: "这个网址不能使用通行密钥，请用正式域名打开。" };
    said.textContent = known[error.name] || "浏览器没有完成验证，请换一种方式。";
    said.hidden = false;
  }
});
