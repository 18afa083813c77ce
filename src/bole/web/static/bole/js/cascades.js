/* Selects that follow another: data-parent="field name", data-table="code table". Choosing the parent
   loads the children; a child that no longer fits is emptied, and so on downwards. */
import { all, changed, on, one } from "./page.js";
import { getJson } from "./request.js";

export const codesAddress = (table, query) => {
  const base = document.documentElement.dataset.codes || "/codes/";
  return `${base}${encodeURIComponent(table)}/?${new URLSearchParams(query)}`;
};

const fill = async (select, parent) => {
  const table = select.dataset.table || select.dataset.search;
  const before = select.value;
  const first = select.options[0] && select.options[0].value === "" ? select.options[0].textContent : "请选择";
  const found = parent ? await getJson(codesAddress(table, { parent })) : { entries: [] };
  if (!found) return; // offline: what is there stays
  select.replaceChildren(new Option(first, ""), ...found.entries.map((entry) => new Option(entry.name, entry.code)));
  if (found.entries.some((entry) => entry.code === before)) select.value = before;
  else if (found.entries.length === 1) select.value = found.entries[0].code;
  if (select.value !== before) changed(select);
};

on("change", "select, input", (event, control) => {
  const form = control.form;
  if (!form || !control.name) return;
  all(`select[data-parent="${CSS.escape(control.name)}"]`, form).forEach((child) => fill(child, control.value));
});
document.addEventListener("reset", (event) => setTimeout(() => {
  all("select[data-parent]", event.target).forEach((child) => {
    const parent = one(`[name="${CSS.escape(child.dataset.parent)}"]`, event.target);
    if (parent && !child.value) fill(child, parent.value);
  });
}));
