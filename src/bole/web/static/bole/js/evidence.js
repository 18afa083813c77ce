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
  event.preventDefault(); // without a script the button posts by itself
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

/** A quarter turn to the right: the server keeps it, the picture is asked for anew. */
on("click", "[data-turn]", async (event, button) => {
  event.preventDefault();
  const { status, data } = await postForm(button.getAttribute("formaction"), new URLSearchParams({ act: "turn" }));
  if (status !== 200) { toast(data.error || "没有旋转，请检查网络后再试。"); return; }
  const image = one("img", button.closest("li"));
  image.src = `${image.getAttribute("src").split("?")[0]}?turn=${data.turn}`;
  const said = one("[data-said]", button.closest("li"));
  if (said) { said.textContent = data.said; said.parentElement.hidden = !data.said; }
  const live = one("#page-live");
  if (live) live.textContent = `已旋转到 ${data.turn} 度`;
});

/* Dragging a page to another place of its list; buttons do the same by keyboard and on touch screens. */
let dragged = null;
const over = (event) => {
  const item = event.target.closest && event.target.closest(".thumb[draggable]");
  return dragged && item && item !== dragged && item.parentElement === dragged.parentElement ? item : null;
};
document.addEventListener("dragstart", (event) => {
  const item = event.target.closest && event.target.closest(".thumb[draggable]");
  if (!item || !item.parentElement.dataset.order) return;
  dragged = item;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", "");
  item.classList.add("is-dragged");
});
document.addEventListener("dragover", (event) => {
  const item = over(event);
  if (!item) return;
  event.preventDefault();
  all(".is-target").forEach((each) => each.classList.remove("is-target"));
  item.classList.add("is-target");
});
document.addEventListener("drop", (event) => {
  const item = over(event);
  if (!item) return;
  event.preventDefault();
  const list = item.parentElement;
  const before = [...list.children];
  const forward = before.indexOf(item) < before.indexOf(dragged);
  if (forward) item.before(dragged); else item.after(dragged);
  keep(list, number(list), () => before.forEach((each) => list.append(each)));
});
document.addEventListener("dragend", () => {
  all(".is-target, .is-dragged").forEach((each) => each.classList.remove("is-target", "is-dragged"));
  dragged = null;
});

/** A file arrived: the line says how many it holds, and the count on top moves on. */
document.addEventListener("bole:uploaded", (event) => {
  const list = event.target.parentElement;
  const line = event.target.closest("[data-slot]");
  if (!line) return;
  const here = all(".thumb", list).length;
  event.target.classList.remove("drop--wide");
  event.target.hidden = here >= Number(list.dataset.most || Infinity);
  const chip = document.createElement("span");
  chip.className = "chip chip--plain";
  chip.textContent = list.dataset.order ? `${here} 个` : "已说明";
  one("[data-slot-state]", line).replaceChildren(chip);
  all("[data-no-papers]", line).forEach((part) => part.remove());
  if (line.dataset.required === undefined || line.dataset.settled !== undefined) return;
  line.dataset.settled = "";
  const bar = one("[data-slots-bar]");
  if (!bar) return;
  bar.value += 1;
  one("[data-slots-told]").textContent = bar.value < bar.max ? `${bar.max} 项已完成 ${bar.value} 项` : "需要的附件都已上传";
});
