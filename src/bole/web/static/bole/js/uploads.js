/* Several files at once with progress: .drop input[type=file][data-upload="address"].
   The answer of the server is the HTML of the new entries and goes before the drop zone. */
import { all, on, one, onContent, visit, within } from "./page.js";
import { proof } from "./request.js";
import { check } from "./checks.js";
import { number } from "./evidence.js";

const AT_ONCE = 1; // one after the other, so that pages stand in the order in which they were chosen
let running = 0;
const waiting = [];

const line = (zone, file) => {
  const item = document.createElement(zone.tagName === "LI" ? "li" : "div");
  item.className = "upl";
  const name = document.createElement("span");
  name.textContent = file.name;
  const word = document.createElement("span");
  word.className = "muted";
  word.setAttribute("role", "status");
  word.textContent = "等待上传";
  const bar = document.createElement("progress");
  bar.className = "bar";
  bar.max = 100;
  bar.value = 0;
  bar.setAttribute("aria-label", `上传进度：${file.name}`);
  item.append(name, word, bar);
  zone.before(item);
  return { item, word, bar };
};

const failed = (shown, sentence, again) => {
  shown.bar.remove();
  shown.word.className = "err";
  shown.word.textContent = sentence;
  const close = document.createElement("button");
  close.type = "button";
  close.className = "linkbtn";
  close.textContent = again ? "重试" : "知道了";
  close.addEventListener("click", () => { shown.item.remove(); if (again) again(); });
  shown.item.append(close);
};

const told = (request) => { try { return JSON.parse(request.responseText); } catch { return {}; } };
const sentence = (request) => {
  if (request.status === 413) return "文件太大，请压缩后再传。";
  if (request.status === 401) return "登录已过期，文件没有传上。";
  return told(request).error || "没有传上，请再试一次。";
};

const offerLogin = (shown, address) => {
  if (!address) return;
  const link = document.createElement("a");
  link.href = `${address}?${new URLSearchParams({ next: location.pathname })}`;
  link.textContent = "重新登录";
  shown.item.append(link);
};

const send = (input, file, shown) => new Promise((done) => {
  const zone = input.closest(".drop");
  const again = () => queue(input, file, line(zone, file));
  const request = new XMLHttpRequest();
  request.open("POST", input.dataset.upload);
  Object.entries(proof()).forEach(([name, value]) => request.setRequestHeader(name, value));
  request.setRequestHeader("Accept", "application/json, text/html;q=0.9"); // an error as JSON, a new entry as HTML
  request.setRequestHeader("HX-Request", "true");
  request.upload.addEventListener("progress", (event) => {
    if (!event.lengthComputable) return;
    shown.bar.value = Math.round((event.loaded / event.total) * 100);
    shown.word.textContent = event.loaded === event.total ? "正在检查…" : `${shown.bar.value}%`;
  });
  request.addEventListener("load", () => {
    if (request.status >= 200 && request.status < 300) {
      shown.item.insertAdjacentHTML("beforebegin", request.responseText);
      const added = shown.item.previousElementSibling;
      shown.item.remove();
      if (added) { if (window.htmx) window.htmx.process(added); visit(added); }
      number(zone.parentElement);
      zone.dispatchEvent(new CustomEvent("bole:uploaded", { bubbles: true }));
    } else {
      failed(shown, sentence(request), request.status >= 500 ? again : null);
      if (request.status === 401) offerLogin(shown, told(request).login);
    }
    done();
  });
  request.addEventListener("error", () => {
    failed(shown, "网络中断，没有传完。", again);
    done();
  });
  const body = new FormData();
  body.append("file", file, file.name);
  all("[data-with-upload]", input.form || zone).forEach((extra) => body.append(extra.name, extra.value));
  request.send(body);
});

const next = () => {
  while (running < AT_ONCE && waiting.length) {
    running += 1;
    waiting.shift()().finally(() => { running -= 1; next(); });
  }
};

/** Doubtful, not wrong: whoever uploads knows better. */
const asked = (shown, sentence, send) => {
  shown.bar.hidden = true;
  shown.word.className = "po";
  shown.word.textContent = sentence;
  const row = document.createElement("span");
  row.className = "row row--2";
  [["仍然上传", send], ["不上传", null]].forEach(([words, act]) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "linkbtn";
    button.textContent = words;
    button.addEventListener("click", () => { if (act) { row.remove(); act(); } else shown.item.remove(); });
    row.append(button);
  });
  shown.item.append(row);
};

const queue = (input, file, shown) => {
  shown.bar.hidden = false;
  shown.word.className = "muted";
  shown.word.textContent = "等待上传";
  waiting.push(() => send(input, file, shown));
  next();
};

/** Each is looked at before any is sent; what is in order goes up in the order chosen. */
const take = async (input, files) => {
  const zone = input.closest(".drop");
  const chosen = [...files].map((file) => ({ file, shown: line(zone, file) }));
  const found = await Promise.all(chosen.map(({ file }) => check(file, input.dataset)));
  chosen.forEach(({ file, shown }, place) => {
    const { wrong, doubt } = found[place];
    if (wrong) failed(shown, wrong, null);
    else if (doubt) asked(shown, doubt, () => queue(input, file, shown));
    else queue(input, file, shown);
  });
};

on("change", ".drop input[type=file][data-upload]", (event, input) => {
  take(input, input.files);
  input.value = "";
});
onContent((part) => within(part, ".drop").forEach((zone) => {
  const mark = (over) => () => zone.classList.toggle("is-over", over);
  zone.addEventListener("dragover", mark(true));
  zone.addEventListener("dragleave", mark(false));
  zone.addEventListener("drop", mark(false));
  const input = one("input[type=file]", zone);
  if (!input || input.dataset.upload) return;
  // Without an address the files go with the form: show what was chosen.
  input.addEventListener("change", () => {
    const words = one("span", zone);
    if (words && input.files.length) words.textContent = [...input.files].map((file) => file.name).join("、");
  });
}));
addEventListener("beforeunload", (event) => { if (running) event.preventDefault(); });
