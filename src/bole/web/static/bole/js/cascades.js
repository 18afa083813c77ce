/* Selects that follow another: data-parent="field name", data-table="code table" or data-source="address". Choosing
   the parent loads the children; a child that no longer fits is emptied, and so on downwards. Lines of a governed
   catalogue bring what conditions see of them; where there is none the reason is shown below. */
import { all, changed, on, one } from "./page.js";
import { getJson } from "./request.js";

export const codesAddress = (table, query) => {
  const base = document.documentElement.dataset.codes || "/codes/";
  return `${base}${encodeURIComponent(table)}/?${new URLSearchParams(query)}`;
};

const option = (entry) => {
  const made = new Option(entry.name, entry.code);
  if (entry.is) made.dataset.is = JSON.stringify(entry.is);
  return made;
};

/* What one should know of the chosen line, or why there is none to choose. */
const tell = (select, vacant = "") => {
  const beside = one(`[data-beside="${CSS.escape(select.name)}"]`, select.form);
  const chosen = select.selectedOptions[0];
  if (beside) beside.textContent = vacant || (chosen && chosen.dataset.is && JSON.parse(chosen.dataset.is).note) || "";
};

const latest = new WeakMap(); // what each list was last asked for: an answer that comes late is dropped

const fill = async (select, parent) => {
  const table = select.dataset.table || select.dataset.search;
  const source = select.dataset.source;
  const address = source ? `${source}?${new URLSearchParams({ parent })}` : codesAddress(table, { parent });
  const before = select.value;
  const first = select.options[0] && select.options[0].value === "" ? select.options[0].textContent : "请选择";
  latest.set(select, address);
  const found = parent ? await getJson(address) : { entries: [] };
  if (latest.get(select) !== address) return;
  if (!found) return; // offline: what is there stays
  select.replaceChildren(new Option(first, ""), ...found.entries.map(option));
  if (found.entries.some((entry) => entry.code === before)) select.value = before;
  else if (found.entries.length === 1) select.value = found.entries[0].code;
  tell(select, found.vacant);
  if (select.value !== before) changed(select);
};

on("change", "select, input", (event, control) => {
  const form = control.form;
  if (!form || !control.name) return;
  if (control.dataset.source && !control.dataset.search && control.value) tell(control);
  all(`select[data-parent="${CSS.escape(control.name)}"]`, form).forEach((child) => fill(child, control.value));
});
document.addEventListener("reset", (event) => setTimeout(() => {
  all("select[data-parent]", event.target).forEach((child) => {
    const parent = one(`[name="${CSS.escape(child.dataset.parent)}"]`, event.target);
    if (parent && !child.value) fill(child, parent.value);
  });
}));
