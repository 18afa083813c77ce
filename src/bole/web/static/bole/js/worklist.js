/* Ticked rows and the batch bar: table[data-select="id of the bar"], [data-n], [data-unselect]. With data-keep="address"
   each tick is kept at once, so that it holds across pages; data-elsewhere says how many are ticked on the others.
   form[data-goes-on] sends its next portion by itself; select[data-go] opens what it names. */
import { all, on, onContent, one, within } from "./page.js";
import { postForm } from "./request.js";

const refresh = (table, head) => {
  const boxes = all("tbody input[type=checkbox]", table);
  if (head) boxes.forEach((box) => { box.checked = head.checked; });
  boxes.forEach((box) => box.closest("tr").classList.toggle("is-on", box.checked));
  const ticked = boxes.filter((box) => box.checked).length;
  const whole = one("thead input[type=checkbox]", table);
  if (whole) {
    whole.checked = boxes.length > 0 && ticked === boxes.length;
    whole.indeterminate = ticked > 0 && ticked < boxes.length;
  }
  const bar = document.getElementById(table.dataset.select);
  if (!bar) return;
  const chosen = ticked + Number(table.dataset.elsewhere || 0);
  bar.hidden = chosen === 0;
  const number = one("[data-n]", bar);
  if (number) number.textContent = chosen;
};
const keep = (table) => {
  const bar = document.getElementById(table.dataset.select);
  if (table.dataset.keep && bar) postForm(table.dataset.keep, new URLSearchParams(new FormData(bar)), { keepalive: true });
};

on("change", "table[data-select] input[type=checkbox]", (event, box) => {
  const table = box.closest("table");
  refresh(table, box.closest("thead") ? box : null);
  keep(table);
});
on("change", "select[data-go]", (event, select) => select.form.requestSubmit());
on("click", "[data-unselect]", () => {
  all("table[data-select]").forEach((table) => {
    all("input[type=checkbox]", table).forEach((box) => { box.checked = false; });
    refresh(table, null);
  });
});
onContent((part) => within(part, "table[data-select]").forEach((table) => refresh(table, null)));
onContent((part) => within(part, "form[data-goes-on]").forEach((form) => setTimeout(() => { if (!form.dataset.sent) form.requestSubmit(); }, 600)));

const press = (selector) => { const found = one(selector); if (found) found.click(); };
/** Keys of a list; `row` tells the row at hand. */
export const listKeys = (row) => ({
  x: () => { const box = row() && one("input[type=checkbox]", row()); if (box) box.click(); },
  a: () => press("table[data-select] thead input[type=checkbox]"),
  b: () => press("#batch:not([hidden]) .btn--primary"),
  n: () => press(".pager li:last-child :is(a, button)"),
  p: () => press(".pager li:first-child :is(a, button)"),
  "/": () => { const field = one("[data-find]"); if (field) field.focus(); },
});
