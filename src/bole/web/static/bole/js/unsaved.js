/* What was typed and not saved: a record form that is closed stays a draft and says so; what only this device keeps
   is offered again on the list; a text that was decided against is forgotten. */
import { changed, on, onContent, one, within } from "./page.js";
import { settle } from "./autosave.js";
import * as drafts from "./drafts.js";
import { toast } from "./toasts.js";

const DIALOG = "dlg-record";

const closed = async (dialog) => {
  const form = one("form[data-autosave]", dialog);
  if (!form) return;
  const kept = await settle(form);
  if (dialog.open) return; // opened again meanwhile
  dialog.remove();
  if (!kept) return;
  toast("没有保存的内容已留作草稿，可以随时继续填写。");
  const place = one("#section-drafts");
  if (place && window.htmx) window.htmx.ajax("GET", location.pathname, { target: place, select: "#section-drafts", swap: "outerHTML" });
};
document.addEventListener("close", (event) => { if (event.target.id === DIALOG) closed(event.target); }, true);

const note = (place, address) => {
  const line = document.createElement("p");
  line.className = "note note--warn";
  const words = document.createElement("span");
  words.className = "note__b";
  const link = document.createElement("a");
  link.href = address;
  link.textContent = "继续填写";
  words.append("这台设备上有一条没有保存的内容。", link);
  line.append(words);
  place.append(line);
};
onContent((part) => within(part, "[data-local-drafts]").forEach((place) => {
  const prefix = place.dataset.localDrafts;
  drafts.mine().filter(([key]) => key.startsWith(prefix)).forEach(([key]) => {
    const record = key.slice(prefix.length);
    const address = record === "new" ? place.dataset.new : place.dataset.new.replace(/new\/$/, `${record}/`);
    if (!one(`a[href="${CSS.escape(address)}"]`, place)) note(place, address);
  });
}));

// A short form that is sent at once (the reason for missing papers) keeps its words on this device until then.
const words = (form) => new URLSearchParams([...new FormData(form)].filter(([name, value]) => typeof value === "string" && !["csrfmiddlewaretoken", "acting"].includes(name))).toString();
on("input", "form[data-keep]", (event, form) => drafts.keep(form.dataset.keep, words(form), ""));
on("submit", "form[data-keep]", (event, form) => drafts.drop(form.dataset.keep));
onContent((part) => within(part, "form[data-keep]").forEach((form) => {
  const kept = drafts.find(form.dataset.keep);
  if (!kept || kept.body === words(form)) return;
  new URLSearchParams(kept.body).forEach((value, name) => {
    const control = form.elements.namedItem(name);
    if (control && control.type !== "hidden" && control.type !== "file") { control.value = value; changed(control); }
  });
  form.closest("details").open = true;
}));

// The other text was chosen, or the draft thrown away: the copy on this device goes too.
const forget = (element) => {
  const holder = element.closest("[data-forget-draft]");
  if (holder) drafts.drop(holder.dataset.forgetDraft);
};
on("click", "a[data-forget]", (event, link) => forget(link));
on("submit", "form[data-forget]", (event, form) => forget(form));
