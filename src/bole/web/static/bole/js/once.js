/* A form pressed twice is sent once: form[data-once]. The server is safe against it all the same. */
import { all, on } from "./page.js";

on("submit", "form[data-once]", (event, form) => {
  if (event.defaultPrevented) return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "yes";
  const button = event.submitter;
  // After the browser has taken the button's name and value along.
  if (button) setTimeout(() => { button.classList.add("is-busy"); button.setAttribute("aria-busy", "true"); });
});
// Back to a page that was kept whole: it may be sent again, and the server says whether anything moved.
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  all("form[data-once]").forEach((form) => { delete form.dataset.sent; });
  all(".is-busy").forEach((button) => { button.classList.remove("is-busy"); button.removeAttribute("aria-busy"); });
});
