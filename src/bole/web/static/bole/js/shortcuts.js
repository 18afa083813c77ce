/* Single keys while reviewing; work outside fields only and can be switched off (WCAG 2.1.4). */
import { all, one, store } from "./page.js";
import { openDialog } from "./dialogs.js";
import { listKeys } from "./worklist.js";

const KEY = "bole.shortcuts";
let at = -1;

const pick = (id) => {
  const control = document.getElementById(id);
  if (!control) return;
  control.checked = true;
  control.dispatchEvent(new Event("change", { bubbles: true }));
  control.focus();
};
// Sections of a case, or the rows of a list.
const stops = () => { const sections = all(".rsec"); return sections.length ? sections : all("tr[data-row]"); };
const go = (to) => {
  const sections = stops();
  if (!sections.length) return;
  at = Math.max(0, Math.min(sections.length - 1, to));
  sections.forEach((section, index) => section.classList.toggle("is-cursor", index === at));
  const row = sections[at].matches("tr");
  sections[at].scrollIntoView({ block: row ? "nearest" : "start" });
  one(row ? "a.btn" : "h2", sections[at]).focus({ preventScroll: true });
};
const flip = () => {
  const answers = at < 0 ? [] : stops()[at].querySelectorAll(".seg--bad input");
  if (answers.length < 2) return;
  const next = answers[1].checked ? answers[0] : answers[1];
  next.checked = true;
  next.dispatchEvent(new Event("change", { bubbles: true }));
};
const acts = {
  j: () => go(at + 1), k: () => go(at - 1), f: flip,
  1: () => pick("v-pass"), 2: () => pick("v-back"), 3: () => pick("v-end"), "?": () => openDialog("dlg-keys"),
  ...listKeys(() => { const stop = stops()[at]; return stop && stop.matches("tr") ? stop : null; }),
};

const toggle = one("[data-shortcuts]");
if (toggle) {
  toggle.checked = store.get(KEY) !== "off";
  toggle.addEventListener("change", () => store.set(KEY, toggle.checked ? "on" : "off"));
  document.addEventListener("keydown", (event) => {
    if (!toggle.checked || event.metaKey || event.altKey || event.isComposing) return;
    if (event.ctrlKey) {
      const save = one("[data-save]");
      if (event.key === "Enter" && save) { event.preventDefault(); save.click(); }
      return;
    }
    if (event.target.closest("input:not([type=radio]):not([type=checkbox]), textarea, select, dialog[open]")) return; // a closed dialog may keep the focus for a moment
    const act = acts[event.key.toLowerCase()];
    if (act) { event.preventDefault(); act(); }
  });
}
