/* Marks on pages of files. Own ones are checkboxes [data-spot] of the review form, those of a return [data-told]; both
   say file, page and box (left,upper,width,height in fractions of the page as it was uploaded; none is the whole page).
   The viewer asks for them with each page that it shows, and tells which file, page and turn that is. */
import { all, on, one } from "./page.js";

const LEAST = 0.01; // of the page: a shorter drag is a click
const dialogOf = () => document.getElementById("dlg-view");
let now = null; // {link, page, turn}: turn is that of the view, the picture itself is turned by link.dataset.turned
let box = null;
let from = null;

/** A box on the page turned clockwise by so many degrees. */
const turned = ([x, y, w, h], degrees) => ({ 0: [x, y, w, h], 90: [1 - y - h, x, h, w], 180: [1 - x - w, 1 - y - h, w, h], 270: [y, 1 - x - w, h, w] }[(degrees + 360) % 360]);
const picture = () => Number(now.link.dataset.turned || 0);
const parsed = (text) => (text ? text.split(",").map(Number) : null);

const marks = () => {
  const own = all("[data-spot]:checked").filter((each) => each.dataset.spot === now.link.dataset.attachment)
    .map((each) => ({ page: each.dataset.page, box: parsed(each.dataset.box), say: one(".input", each.closest(".marks__i")).value || "需要修改" }));
  const told = all("[data-told]").filter((each) => each.dataset.told === now.link.dataset.attachment)
    .map((each) => ({ page: each.dataset.page, box: parsed(each.dataset.box), say: each.dataset.say, before: true }));
  return [...own, ...told].filter((each) => Number(each.page) === now.page);
};

const shape = (name, set) => {
  const part = document.createElementNS("http://www.w3.org/2000/svg", name);
  Object.entries(set).forEach(([key, value]) => part.setAttribute(key, value));
  return part;
};
const frame = (mark, number) => {
  const style = `spots__b${mark.before ? " is-before" : ""}${mark.fresh ? " is-fresh" : ""}`;
  if (!mark.box) return [shape("rect", { class: `${style} spots__b--page`, x: 0, y: 0, width: "100%", height: "100%" })];
  const [x, y, width, height] = turned(mark.box, picture()).map((each) => `${100 * each}%`);
  const label = shape("text", { class: "spots__n", x, y, dx: 4, dy: 15 });
  label.textContent = number || "";
  return [shape("rect", { class: style, x, y, width, height }), label];
};

/** Draw what is marked on the page that is shown, and say it below. */
const paint = () => {
  const dialog = dialogOf();
  if (!now || !dialog) return;
  const found = marks();
  const frames = found.flatMap((mark, index) => frame(mark, index + 1));
  if (box) frames.push(...frame({ box, fresh: true }));
  one("[data-view-spots]", dialog).replaceChildren(...frames);
  const list = one("[data-view-told]", dialog);
  list.hidden = !found.length;
  list.replaceChildren(...found.map((mark, index) => {
    const item = document.createElement("li");
    const number = document.createElement("span");
    item.className = `spotlist__i${mark.before ? " is-before" : ""}`;
    number.className = "spotlist__n num";
    number.textContent = index + 1;
    item.append(number, `${mark.before && one("[data-spot-form]", dialog) ? "上次退回：" : ""}${mark.say}`);
    return item;
  }));
};

const form = () => one("[data-spot-form]", dialogOf());
const isMarking = () => Boolean(form()) && !form().hidden;
const home = () => one(`[data-marks-of="${CSS.escape(now.link.dataset.place || "")}"]`);
/** On a touch screen the keyboard would come up over the page. */
const type = () => { if (!matchMedia("(pointer: coarse)").matches) one("[data-spot-say]").focus({ preventScroll: true }); };
const what = () => {
  one("[data-spot-what]").textContent = box ? `第 ${now.page} 页，圈出的位置。` : `第 ${now.page} 页，整页。在页面上拖动可以圈出位置。`;
};
export const stopMarking = () => {
  if (!isMarking()) return false;
  if (form().contains(document.activeElement)) one("[data-view-box]", dialogOf()).focus({ preventScroll: true });
  form().hidden = true;
  one("[data-spot-fault]").hidden = true;
  one("[data-spot-begin]").setAttribute("aria-pressed", "false");
  one("[data-view-page]").classList.remove("is-marking");
  box = null;
  paint();
  return true;
};
/** The keyboard begins here too: without a drag the whole page is marked. */
export const beginMarking = () => {
  if (!form() || !now || !home() || one("[data-spot-begin]").hidden) return;
  if (isMarking()) { stopMarking(); return; }
  const fields = all('[data-at][name="at"]', home()).filter((each) => each.value !== now.link.dataset.place);
  one("[data-spot-field]").replaceChildren(new Option("这份材料", now.link.dataset.place),
    ...fields.map((each) => new Option(each.parentElement.textContent.trim(), each.value)));
  form().hidden = false;
  one("[data-spot-begin]").setAttribute("aria-pressed", "true");
  one("[data-view-page]").classList.add("is-marking");
  what();
  type();
};

/** The viewer shows this page now. What was being marked on another one is dropped; words typed stay. */
export const shown = (link, page, turn) => {
  const same = now && now.link === link && now.page === page;
  now = { link, page, turn };
  if (!same) { box = null; if (isMarking() && home()) what(); }
  const begin = one("[data-spot-begin]", dialogOf());
  if (begin) { begin.hidden = !home(); if (!home()) stopMarking(); }
  paint();
};

const put = (place, words) => {
  const entry = one("[data-spot-entry]").content.cloneNode(true);
  const [mark, say] = all("input", entry);
  [mark, say].forEach((each) => each.setAttribute("form", "decide"));
  mark.name = "spot";
  const name = box ? "　圈出处" : "";
  const field = one("[data-spot-field]").selectedOptions[0];
  const spot = box ? box.map((each) => each.toFixed(4)).join(",") : "";
  mark.value = `${place}@${now.link.dataset.attachment}/${now.page}${spot ? `/${spot}` : ""}`;
  if (document.getElementById(`at-${mark.value}`)) return;
  mark.id = `at-${mark.value}`;
  mark.dataset.spot = now.link.dataset.attachment;
  mark.dataset.page = now.page;
  mark.dataset.box = spot;
  say.name = `say-${mark.value}`;
  say.value = words;
  const told = `${place === now.link.dataset.place ? "" : `${field.textContent}　`}附件「${now.link.dataset.name}」第 ${now.page} 页${name}`;
  one("span", mark.parentElement).textContent = told;
  say.setAttribute("aria-label", `${told}：问题说明`);
  one(".marks__l", home()).append(entry);
  home().open = true;
  mark.dispatchEvent(new Event("change", { bubbles: true }));
};
on("submit", "[data-spot-form]", (event) => {
  event.preventDefault();
  const say = one("[data-spot-say]");
  one("[data-spot-fault]").hidden = Boolean(say.value.trim());
  if (!say.value.trim()) { say.focus(); return; }
  put(one("[data-spot-field]").value, say.value.trim());
  say.value = "";
  stopMarking();
});
on("click", "[data-spot-begin]", beginMarking);
on("click", "[data-spot-cancel]", stopMarking);
document.addEventListener("change", (event) => { if (event.target.matches("[data-spot]") && now) paint(); });

/* Drawing: the page lies turned on the screen by the view and its picture by itself; the box is of the page as it came. */
const point = (event) => {
  const { left, top, width, height } = one("[data-view-spots]", dialogOf()).getBoundingClientRect();
  const within = (value) => Math.max(0, Math.min(1, value));
  return [within((event.clientX - left) / width), within((event.clientY - top) / height)];
};
const drag = (event) => {
  const [x, y] = point(event);
  const [u, v] = from;
  const seen = [Math.min(x, u), Math.min(y, v), Math.abs(x - u), Math.abs(y - v)];
  box = seen[2] < LEAST || seen[3] < LEAST ? null : turned(seen, -now.turn - picture());
  what();
  paint();
};
on("pointerdown", "[data-view-page].is-marking", (event, page) => {
  if (event.button) return;
  event.preventDefault();
  page.setPointerCapture(event.pointerId);
  from = point(event);
});
on("pointermove", "[data-view-page].is-marking", (event) => { if (from) drag(event); });
const drop = () => {
  if (!from) return;
  from = null;
  type();
};
document.addEventListener("pointerup", drop);
document.addEventListener("pointercancel", drop);

/** What this device kept of a visit before holds marks that the page does not know yet. */
document.addEventListener("bole:restore", (event) => {
  event.detail.getAll("spot").forEach((value) => {
    const [, place, file, page, spot] = /^(.+)@([0-9a-f-]+)\/(\d+)(?:\/(.+))?$/.exec(value) || [];
    const known = file && one(`a[data-attachment="${CSS.escape(file)}"]`);
    if (!known || document.getElementById(`at-${value}`) || !one("[data-spot-entry]")) return;
    [now, box] = [{ link: known, page: Number(page), turn: 0 }, parsed(spot)];
    if (home()) {
      one("[data-spot-field]").replaceChildren(new Option(place, place));
      put(place, event.detail.get(`say-${value}`) || "");
    }
    [now, box] = [null, null];
  });
});
