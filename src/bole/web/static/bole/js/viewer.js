/* Evidence: a[data-view="address of page 1"][data-pages], in order of the page. On the review page the viewer stands
   beside the records; elsewhere and on narrow screens it is a dialog. Without script the link opens a page of its own. */
import { all, on, one } from "./page.js";
import { beginMarking, shown, stopMarking } from "./spots.js";

const DIALOG = "dlg-view";
const ZOOMS = [100, 150, 200, 300];
const WIDE = "(min-width: 72rem)";
let link = null;
let at = 1;
let zoom = 0;
let turn = 0;

const dialogOf = () => document.getElementById(DIALOG);
const pagesOf = () => Number(link.dataset.pages || 1);
/** Every file once: 「附件管理」 shows again what stands beside the records. */
const files = () => {
  const found = [];
  all("a[data-view]").forEach((each) => { if (!found.some((other) => other.dataset.view === each.dataset.view)) found.push(each); });
  return found;
};
const placeOf = (list) => list.findIndex((each) => each.dataset.view === link.dataset.view);

const draw = () => {
  const dialog = dialogOf();
  const sheet = one("[data-view-sheet]", dialog);
  const image = one("[data-view-image]", dialog);
  const sharp = ZOOMS[zoom] >= 200 ? "w=2" : "w=1";
  const address = link.dataset.view.replace(/pages\/\d+\//, `pages/${at}/`).replace(/w=\d/, sharp);
  if (image.getAttribute("src") !== address) image.src = address; // each picture asked for is a look written down
  sheet.className = `viewer__s zoom-${ZOOMS[zoom]} turn-${turn}`;
  shown(link, at, turn);
};

const show = () => {
  const dialog = dialogOf();
  const pages = pagesOf();
  const list = files();
  const place = placeOf(list);
  draw();
  one("[data-view-title]", dialog).textContent = link.dataset.caption ? `查看附件：${link.dataset.caption}` : "查看附件";
  one("[data-view-image]", dialog).alt = `${link.dataset.caption || link.getAttribute("aria-label") || link.textContent.trim()}，第 ${at} 页`;
  one("[data-view-place]", dialog).textContent = `第 ${at} 页，共 ${pages} 页`;
  one("[data-view-file]", dialog).href = link.dataset.file || link.href;
  all("[data-view-step]", dialog).forEach((button) => {
    const to = at + Number(button.dataset.viewStep);
    button.disabled = to < 1 || to > pages;
  });
  all("[data-view-file-step]", dialog).forEach((button) => {
    const to = place + Number(button.dataset.viewFileStep);
    button.disabled = to < 0 || to >= list.length;
  });
};

const begin = (pressed) => {
  link = pressed;
  at = Number(pressed.dataset.page || 1);
  zoom = 0;
  turn = 0;
  one("[data-view-box]", dialogOf()).scrollTo(0, 0);
  all(".is-viewed").forEach((each) => each.classList.remove("is-viewed"));
  if (pressed.closest(".review")) (pressed.closest("tr, .stack--2, .rsec, li") || pressed).classList.add("is-viewed");
  show();
};
const open = () => {
  const dialog = dialogOf();
  const beside = one(".review");
  if (dialog.open) return;
  if (beside && matchMedia(WIDE).matches) {
    dialog.classList.add("is-docked");
    beside.classList.add("is-docked");
    dialog.show();
    link.closest(".is-viewed").scrollIntoView({ block: "nearest" });
  } else {
    dialog.classList.remove("is-docked");
    dialog.showModal();
  }
  one("[data-view-box]", dialog).focus();
};
const step = (by) => { if (at + by >= 1 && at + by <= pagesOf()) { at += by; show(); } };
const file = (by) => {
  const list = files();
  const next = list[placeOf(list) + by];
  if (!next) return;
  begin(next);
  if (dialogOf().classList.contains("is-docked")) next.closest(".is-viewed").scrollIntoView({ block: "nearest" });
};
const larger = (by) => { zoom = Math.max(0, Math.min(ZOOMS.length - 1, zoom + by)); draw(); };
const turned = () => { turn = (turn + 90) % 360; draw(); one("[data-view-box]", dialogOf()).scrollTo(0, 0); };

on("click", "a[data-view]", (event, pressed) => {
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.button || !dialogOf()) return;
  event.preventDefault();
  begin(pressed);
  open();
});
on("click", "[data-view-step]", (event, button) => { if (link) step(Number(button.dataset.viewStep)); });
on("click", "[data-view-file-step]", (event, button) => { if (link) file(Number(button.dataset.viewFileStep)); });
on("click", "[data-view-zoom]", (event, button) => { if (link) larger(Number(button.dataset.viewZoom)); });
on("click", "[data-view-turn]", () => { if (link) turned(); });

document.addEventListener("close", (event) => {
  if (event.target.id !== DIALOG) return;
  stopMarking();
  all(".review.is-docked").forEach((part) => part.classList.remove("is-docked"));
  all(".is-viewed").forEach((each) => each.classList.remove("is-viewed"));
  if (link && link.isConnected) link.focus();
}, true);

const keys = {
  ArrowLeft: () => step(-1), ArrowRight: () => step(1), "[": () => file(-1), "]": () => file(1),
  "+": () => larger(1), "=": () => larger(1), "-": () => larger(-1), r: turned, m: beginMarking,
};
document.addEventListener("keydown", (event) => {
  const dialog = dialogOf();
  if (event.metaKey || event.ctrlKey || event.altKey || event.isComposing) return;
  if (dialog && dialog.open) {
    if (event.key === "Escape" && stopMarking()) { event.preventDefault(); return; }
    if (event.key === "Escape" && dialog.classList.contains("is-docked")) { event.preventDefault(); dialog.close(); return; }
    if (!dialog.contains(event.target) || event.target.closest("input, select")) return;
    const act = keys[event.key] || keys[event.key.toLowerCase()];
    if (act) { event.preventDefault(); act(); }
    return;
  }
  // On the page of one file the keys follow its links.
  if (!one("[data-paper]") || event.target.closest("input, textarea, select")) return;
  const target = one(`a[data-key="${CSS.escape(event.key === "=" ? "+" : event.key)}"]`);
  if (target) { event.preventDefault(); target.click(); }
});
