/* Evidence in a dialog: a[data-view="address of page 1"][data-pages]. Without script the link opens the file itself. */
import { on, one } from "./page.js";
import { openDialog } from "./dialogs.js";

const DIALOG = "dlg-view";
let link = null;
let at = 1;

const show = () => {
  const dialog = document.getElementById(DIALOG);
  const pages = Number(link.dataset.pages || 1);
  one("[data-view-image]", dialog).src = link.dataset.view.replace(/pages\/\d+\//, `pages/${at}/`);
  one("[data-view-image]", dialog).alt = `${link.getAttribute("aria-label") || link.textContent.trim()}，第 ${at} 页`;
  one("[data-view-place]", dialog).textContent = `第 ${at} 页，共 ${pages} 页`;
  one("[data-view-file]", dialog).href = link.href;
  dialog.querySelectorAll("[data-view-step]").forEach((button) => {
    const to = at + Number(button.dataset.viewStep);
    button.disabled = to < 1 || to > pages;
  });
};

on("click", "a[data-view]", (event, pressed) => {
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.button || !document.getElementById(DIALOG)) return;
  event.preventDefault();
  link = pressed;
  at = 1;
  show();
  openDialog(DIALOG);
});
on("click", "[data-view-step]", (event, button) => {
  if (!link) return;
  at += Number(button.dataset.viewStep);
  show();
});
