/* Ticked rows and the batch bar: table[data-select="id of the bar"], [data-n], [data-unselect]. */
import { all, on, onContent, one, within } from "./page.js";

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
  bar.hidden = ticked === 0;
  const number = one("[data-n]", bar);
  if (number) number.textContent = ticked;
};

on("change", "table[data-select] input[type=checkbox]", (event, box) => {
  refresh(box.closest("table"), box.closest("thead") ? box : null);
});
on("click", "[data-unselect]", () => {
  all("table[data-select]").forEach((table) => {
    all("input[type=checkbox]", table).forEach((box) => { box.checked = false; });
    refresh(table, null);
  });
});
onContent((part) => within(part, "table[data-select]").forEach((table) => refresh(table, null)));
