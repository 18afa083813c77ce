/* Autosave: form[data-autosave="address"][data-autosave-key="case/section"] with a hidden input "seen" (the version
   that was shown). The form goes as typed 700 ms after a change, when a link leaves the page, and on pagehide.
   The server answers {state, version, at}; 409 {conflict}; 401 {login}. What cannot be sent stays on this device. */
import { all, on, onContent, one, root, visit, within } from "./page.js";
import { postForm } from "./request.js";
import * as drafts from "./drafts.js";

const DELAY = 700;
const AGAIN = [5000, 15000, 60000];
const NOT_TYPED = ["csrfmiddlewaretoken", "acting", "seen", "gone"];
const savers = new Map();

const clockText = (at) => {
  if (/^\d{1,2}:\d{2}$/.test(at || "")) return at;
  const moment = at ? new Date(at) : new Date();
  return new Intl.DateTimeFormat("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: "Asia/Shanghai" }).format(moment);
};

const paint = (state, words, link) => all("[data-savestate]").forEach((part) => {
  part.dataset.state = state;
  const span = one("span", part);
  span.textContent = words;
  const use = one("use", part);
  const icon = { saving: "refresh", saved: "check", failed: "offline" }[state];
  if (use) use.setAttribute("href", use.getAttribute("href").replace(/#.*$/, `#i-${icon}`));
  if (!link) return;
  const anchor = document.createElement("a");
  [anchor.href, anchor.textContent] = link;
  if (link[2]) anchor.addEventListener("click", link[2]);
  span.append(" ", anchor);
});

class Saver {
  constructor(form) {
    this.form = form;
    this.key = form.dataset.autosaveKey || form.dataset.autosave;
    this.dirty = false;
    this.running = null;
    this.tries = 0;
    this.last = this.typed();
    this.kept = false; // whether the server or this device holds something that is not saved into the form yet
    this.stopped = false; // true when only the person can help: log in again, compare two texts
  }

  body() {
    const body = new URLSearchParams();
    for (const [name, value] of new FormData(this.form)) if (typeof value === "string") body.append(name, value);
    return body;
  }

  typed() {
    const body = this.body();
    NOT_TYPED.forEach((name) => body.delete(name));
    return body.toString();
  }

  seen(version) {
    const input = one('input[name="seen"]', this.form);
    if (input && version !== undefined && version !== null) input.value = version;
    return input ? input.value : "";
  }

  touch() {
    const typed = this.typed();
    if (typed === this.last) return; // a change event says again what the input events said
    this.last = typed;
    this.dirty = true;
    if (this.stopped) { this.keepHere(); return; } // the way out stays on screen
    clearTimeout(this.timer);
    paint("saving", "正在保存…");
    this.timer = setTimeout(() => this.save(), DELAY);
  }

  keepHere() {
    const labels = {};
    all("[data-code]", this.form).forEach((twin) => { labels[twin.name] = twin.dataset.label; });
    this.kept = true;
    return drafts.keep(this.key, this.typed(), this.seen(), labels);
  }

  async save() {
    clearTimeout(this.timer);
    if (this.running) { await this.running; if (!this.dirty) return true; }
    this.running = this.send();
    const done = await this.running;
    this.running = null;
    if (done && this.dirty && !this.stopped) return this.save();
    return done;
  }

  async send() {
    this.dirty = false;
    paint("saving", "正在保存…");
    const body = this.body();
    // keepalive lets the request outlive the page; browsers allow it up to 64 KB
    const { status, data } = await postForm(this.form.dataset.autosave, body, { keepalive: body.toString().length < 60000 });
    if (status >= 200 && status < 300) return this.saved(data);
    this.dirty = true;
    const kept = this.keepHere();
    if (status === 409) return this.conflict(data);
    if (status === 401 || (status === 403 && data.login)) return this.expired(data, kept);
    if (status >= 400 && status < 500 && status !== 408 && status !== 429) return this.refused(data);
    paint("failed", !kept ? "没有保存，请不要关闭页面" : status === 0 ? "网络已断开，内容暂存本机" : "暂时保存不了，内容暂存本机");
    this.timer = setTimeout(() => this.save(), AGAIN[Math.min(this.tries, AGAIN.length - 1)]);
    this.tries += 1;
    return false;
  }

  saved(data) {
    this.tries = 0;
    this.seen(data.version);
    this.kept = Boolean(data.kept);
    if (this.dirty) this.keepHere(); else drafts.drop(this.key);
    paint("saved", `已自动保存 ${clockText(data.at)}`);
    if (data.state) all(`[data-section-state="${CSS.escape(this.key)}"]`).forEach((part) => { part.textContent = data.state; });
    this.form.dispatchEvent(new CustomEvent("bole:saved", { bubbles: true, detail: data }));
    return true;
  }

  conflict(data) {
    this.stopped = true;
    this.conflicting = true;
    const address = data.conflict || this.form.dataset.conflict;
    // Both texts are shown by the server, so what was typed goes there with the press.
    const compare = (event) => {
      event.preventDefault();
      this.dirty = false;
      this.form.removeAttribute("hx-post");
      this.form.method = "post";
      this.form.action = address;
      this.form.submit();
    };
    paint("failed", data.error || "内容已被他人修改，您填写的暂存本机。", address ? [address, "对照两份内容", compare] : null);
    return false;
  }

  expired(data, kept) {
    this.stopped = true;
    const login = new URL(data.login || root.dataset.login || "/", location.origin);
    // A dialog is resumed on a page of its own, where its text is put back.
    login.searchParams.set("next", this.form.dataset.resume || location.pathname);
    paint("failed", kept ? "登录已过期，内容已暂存本机。" : "登录已过期，请先复制填写的内容。", [login.pathname + login.search, "重新登录"]);
    return false;
  }

  refused(data) {
    paint("failed", `没有保存：${data.error || "请刷新页面后再试"}`);
    return false;
  }

  /** The page goes away: one last request that may outlive it, and a copy here in case it does not arrive. */
  leave() {
    if (!this.dirty && !this.running) return;
    this.keepHere();
    if (this.dirty && !this.stopped) postForm(this.form.dataset.autosave, this.body(), { keepalive: true }).then(({ status, data }) => {
      if (status >= 200 && status < 300) this.saved(data);
    });
  }

  /** Put back what this device kept from a visit before, and send it. */
  restore() {
    const draft = this.restored ? null : drafts.find(this.key);
    this.restored = true; // once: putting it back visits this form again
    if (!draft) return;
    if (draft.body === this.typed()) { drafts.drop(this.key); return; }
    const values = new URLSearchParams(draft.body);
    this.form.dispatchEvent(new CustomEvent("bole:restore", { bubbles: true, detail: values }));
    for (const control of this.form.elements) {
      if (!control.name || NOT_TYPED.includes(control.name) || control.type === "file") continue;
      const kept = values.getAll(control.name);
      if (control.type === "checkbox" || control.type === "radio") control.checked = kept.includes(control.value);
      else if (kept.length) control.value = kept[0];
      if (control.dataset.code !== undefined && kept.length) {
        control.dataset.label = (draft.labels && draft.labels[control.name]) || kept[0];
        control.dispatchEvent(new Event("bole:put"));
      }
    }
    this.seen(draft.seen);
    visit(this.form);
    this.last = null;
    this.touch();
  }
}

const saverOf = (form) => {
  if (!savers.has(form)) savers.set(form, new Saver(form));
  return savers.get(form);
};
const live = () => [...savers.values()].filter((saver) => saver.form.isConnected);
const ours = "form[data-autosave]";

/** Send what is not sent yet; resolves to whether something is kept that was not saved into the form. */
export const settle = async (form) => {
  const saver = saverOf(form);
  if (saver.dirty || saver.running) await saver.save();
  return saver.kept;
};

// Controls may stand outside their form, as the marks of the review page do.
const formOf = (event) => (event.target.form && event.target.form.matches(ours) ? event.target.form : null);
document.addEventListener("input", (event) => {
  const form = formOf(event);
  if (form && (event.target.name || event.target.dataset.search)) saverOf(form).touch();
});
document.addEventListener("change", (event) => {
  const form = formOf(event);
  if (form && event.target.name && event.target.type !== "file") saverOf(form).touch();
});
document.addEventListener("reset", (event) => { if (event.target.matches(ours)) setTimeout(() => saverOf(event.target).touch()); });
on("submit", ours, (event, form) => {
  const saver = saverOf(form);
  if (form.hasAttribute("hx-post")) { // htmx sends it itself: a copy stays here until it has arrived
    clearTimeout(saver.timer);
    if (saver.dirty) saver.keepHere();
    saver.dirty = false;
    return;
  }
  // Two texts to choose from: the press goes to the server, which shows both.
  if (saver.conflicting) { saver.dirty = false; return; }
  if (!saver.dirty && !saver.running) return;
  // Save first: a session that ended meanwhile, or a lost network, then costs a press and not the text.
  event.preventDefault();
  const { submitter } = event;
  saver.save().then((done) => { if (done) form.requestSubmit(submitter); });
});

// Leaving by a link: save first, then go, so that the next page shows what was typed here.
on("click", "a[href]", async (event, link) => {
  const waiting = live().filter((saver) => (saver.dirty || saver.running) && !saver.stopped);
  if (!waiting.length || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (link.origin !== location.origin || link.target || link.hash && link.pathname === location.pathname) return;
  event.preventDefault();
  const patience = new Promise((done) => { setTimeout(done, 3000); });
  await Promise.race([Promise.all(waiting.map((saver) => saver.save())), patience]);
  location.assign(link.href);
});
// A draft on its way arrives before the record itself, so that it does not outlive it.
document.addEventListener("htmx:confirm", (event) => {
  const form = event.detail.elt;
  if (!form.matches(ours) || !saverOf(form).running) return;
  event.preventDefault();
  saverOf(form).running.then(() => event.detail.issueRequest(true));
});
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.detail.elt;
  if (!form || !form.matches || !form.matches(ours)) return;
  const saver = saverOf(form);
  const status = event.detail.xhr ? event.detail.xhr.status : 0;
  // Refused for its faults or for a newer text, it is on the screen and in the server's draft.
  if ((status >= 200 && status < 300) || status === 409 || status === 422) drafts.drop(saver.key);
  else if (status === 0 || status === 401 || status >= 500) saver.keepHere();
});
addEventListener("pagehide", () => live().forEach((saver) => saver.leave()));
addEventListener("online", () => live().forEach((saver) => { if (saver.dirty && !saver.stopped) saver.save(); }));
addEventListener("offline", () => live().forEach((saver) => { if (saver.dirty) saver.keepHere(); }));
onContent((part) => within(part, ours).forEach((form) => saverOf(form).restore()));
