/* Dialogs: data-open="id" opens, data-close closes, #dlg-… in the address opens one on arrival. */
import { all, on, onContent, within } from "./page.js";

export const openDialog = (id) => {
  const dialog = document.getElementById(id);
  if (dialog && dialog.showModal && !dialog.open) dialog.showModal();
};

on("click", "[data-open]", (event, opener) => { event.preventDefault(); openDialog(opener.dataset.open); });
on("click", "[data-close]", (event, closer) => {
  const dialog = closer.closest("dialog");
  if (!dialog) return;
  event.preventDefault();
  dialog.close();
});
document.addEventListener("click", (event) => {
  if (event.target.matches && event.target.matches("dialog.dlg--light[open]")) event.target.close();
});

const fromAddress = () => {
  const id = location.hash.slice(1);
  if (id.startsWith("dlg-")) openDialog(id);
};
addEventListener("hashchange", fromAddress);

/** Typing begins in the first field; on a touch screen that would raise the keyboard over the form. */
const begin = (dialog) => {
  if (matchMedia("(pointer: coarse)").matches) return;
  const fields = all(".dlg__b :is(input:not([type=hidden]), select, textarea)", dialog);
  const first = fields.find((field) => field.offsetParent !== null);
  if (first) first.focus();
};

onContent((part) => {
  // A dialog that the server sends with data-show-now (a record form with faults, the result of a batch) opens at once.
  within(part, "dialog[data-show-now]").forEach((dialog) => {
    if (dialog.open) return;
    dialog.showModal();
    begin(dialog);
  });
  if (part !== document) return;
  fromAddress();
  const summary = document.querySelector(".errsum[data-focus]");
  if (summary) summary.focus();
});
