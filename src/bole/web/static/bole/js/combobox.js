/* Search in a code table: input[data-search="table"], or at an address of its own: data-source="address", whose
   entries may show a `note` in place of their code. Without script it is a text field whose words the server
   looks up; with it, an accessible combobox whose hidden twin carries the code. */
import { changed, onContent, within } from "./page.js";
import { codesAddress } from "./cascades.js";
import { getJson } from "./request.js";

let serial = 0;

const listbox = (input) => {
  const box = document.createElement("span");
  box.className = "combo__box";
  (input.closest(".search") || input).before(box);
  box.append(input.closest(".search") || input);
  const list = document.createElement("ul");
  list.className = "combo__l";
  list.id = `combo-${(serial += 1)}`;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "查找结果");
  list.hidden = true;
  box.append(list);
  return list;
};

const twin = (input) => {
  const hidden = document.createElement("input");
  hidden.type = "hidden";
  hidden.name = input.name;
  hidden.value = input.dataset.code || input.value; // a key beside the words that name it
  hidden.dataset.code = "";
  hidden.dataset.label = input.dataset.label || input.value;
  input.removeAttribute("name");
  input.after(hidden);
  if (input.dataset.label) input.value = input.dataset.label;
  return hidden;
};

const enliven = (input) => {
  const list = listbox(input);
  const hidden = twin(input);
  let asked = null;
  let timer;
  let at = -1;
  const options = () => [...list.children].filter((item) => item.getAttribute("role") === "option" && item.dataset.code !== undefined);
  const close = () => {
    list.hidden = true;
    at = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const point = (to) => {
    const items = options();
    if (!items.length) return;
    at = (to + items.length) % items.length;
    items.forEach((item, index) => item.setAttribute("aria-selected", String(index === at)));
    input.setAttribute("aria-activedescendant", items[at].id);
    items[at].scrollIntoView({ block: "nearest" });
  };
  const put = (code, name) => {
    hidden.value = code;
    hidden.dataset.label = name;
    // What the server offered to choose from is given up for what is typed now.
    input.closest(".combo")?.querySelectorAll("input[type=radio]:checked").forEach((radio) => { radio.checked = false; });
    changed(hidden);
  };
  const take = (item) => {
    input.value = item.dataset.name;
    put(item.dataset.code, item.dataset.name);
    close();
  };
  const show = (entries, complete) => {
    list.replaceChildren(...entries.map((entry, index) => {
      const item = document.createElement("li");
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      item.id = `${list.id}-${index}`;
      item.dataset.code = entry.code;
      item.dataset.name = entry.name;
      const code = document.createElement("span");
      code.className = "num muted";
      code.textContent = entry.note ?? entry.code;
      item.append(code, entry.name);
      return item;
    }));
    if (!entries.length || !complete) {
      const item = document.createElement("li");
      item.className = "muted";
      item.setAttribute("role", "option");
      item.setAttribute("aria-disabled", "true");
      item.setAttribute("aria-selected", "false");
      item.textContent = entries.length ? "还有更多，请多输入几个字" : "没有找到，请换一个词";
      list.append(item);
    }
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    at = -1;
  };
  const look = async () => {
    if (asked) asked.abort();
    asked = new AbortController();
    const text = input.value.trim();
    if (!text) { close(); return; }
    const parent = input.dataset.parentCode ? { parent: input.dataset.parentCode } : {};
    const address = input.dataset.source
      ? `${input.dataset.source}?${new URLSearchParams({ q: text })}`
      : codesAddress(input.dataset.search, { q: text, ...parent });
    const found = await getJson(address, asked.signal);
    if (found && document.activeElement === input && input.value.trim() === text) show(found.entries, found.complete !== false);
  };

  Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id, autocomplete: "off" })
    .forEach(([name, value]) => input.setAttribute(name, value));
  input.removeAttribute("list");
  input.addEventListener("input", (event) => {
    if (event.isTrusted || event.inputType) put(input.value.trim(), input.value.trim()); // free words go as typed; the server answers
    clearTimeout(timer);
    if (!event.isComposing) timer = setTimeout(look, 200);
  });
  input.addEventListener("compositionend", () => { clearTimeout(timer); timer = setTimeout(look, 200); });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown") { event.preventDefault(); if (list.hidden) look(); else point(at + 1); }
    else if (event.key === "ArrowUp") { event.preventDefault(); point(at - 1); }
    else if (event.key === "Enter" && !list.hidden && at >= 0) { event.preventDefault(); take(options()[at]); }
    else if (event.key === "Escape" && !list.hidden) { event.preventDefault(); event.stopPropagation(); close(); }
  });
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const item = event.target.closest("[data-code]");
    if (item) take(item);
  });
  input.addEventListener("blur", close);
  // What a script put into the twin (a restored draft) is shown as well.
  hidden.addEventListener("bole:put", () => { input.value = hidden.dataset.label; });
  const form = input.form;
  if (form) form.addEventListener("reset", () => setTimeout(() => {
    hidden.value = input.dataset.code || hidden.defaultValue;
    hidden.dataset.label = input.dataset.label || hidden.defaultValue;
    input.value = hidden.dataset.label;
  }));
};

onContent((part) => within(part, "input[data-search]:not([role=combobox])").forEach(enliven));
