/* Order of evidence: buttons 前移 and 后移. The new order is posted to the list's data-order address. */
import { all, on, one } from "./page.js";
import { postForm } from "./request.js";
import { toast } from "./toasts.js";

export const number = (list) => {
  const items = all("li", list).filter((item) => one("[data-move]", item));
  items.forEach((item, index) => {
    const mark = one(".thumb__n", item);
    if (mark) mark.textContent = index + 1;
    one('[data-move="-1"]', item).disabled = index === 0;
    one('[data-move="1"]', item).disabled = index === items.length - 1;
  });
  return items;
};

const keep = async (list, items, undo) => {
  if (!list.dataset.order) return;
  const body = new URLSearchParams();
  items.forEach((item) => body.append("order", item.dataset.id));
  const { status, data } = await postForm(list.dataset.order, body);
  if (status >= 200 && status < 300) return;
  undo();
  number(list);
  toast(data.error || "顺序没有保存，请检查网络后再试。");
};

on("click", "[data-move]", (event, button) => {
  const item = button.closest("li");
  const list = item.parentElement;
  const back = button.dataset.move === "-1";
  const other = back ? item.previousElementSibling : item.nextElementSibling;
  if (!other || !one("[data-move]", other)) return;
  const swap = (first) => (first ? other.before(item) : other.after(item));
  swap(back);
  const items = number(list);
  (button.disabled ? one("[data-move]:not([disabled])", item) : button).focus();
  const live = one("#page-live");
  if (live) live.textContent = `已移到第 ${items.indexOf(item) + 1} 页`;
  keep(list, items, () => swap(!back));
});
