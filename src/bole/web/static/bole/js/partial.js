/* htmx: the token on every request, the pressed button busy, focus to the heading or the first fault after a swap. */
import { all, one, visit, within } from "./page.js";
import { proof } from "./request.js";
import { toast } from "./toasts.js";

document.addEventListener("htmx:configRequest", (event) => { Object.assign(event.detail.headers, proof()); });

const pressed = (event) => {
  const element = event.detail.elt;
  if (!element) return null;
  const submitter = event.detail.requestConfig && event.detail.requestConfig.triggeringEvent && event.detail.requestConfig.triggeringEvent.submitter;
  return submitter || (element.matches(".btn, .linkbtn") ? element : one("button[type=submit]", element));
};
document.addEventListener("htmx:beforeRequest", (event) => {
  const button = pressed(event);
  if (button) { button.classList.add("is-busy"); button.setAttribute("aria-busy", "true"); }
});
// A dialog that was drawn anew has lost what it was opened from; closing it leads back there.
let opener = null;
document.addEventListener("htmx:beforeRequest", (event) => { if (event.detail.elt.matches("[hx-get]")) opener = event.detail.elt; });
document.addEventListener("close", () => setTimeout(() => {
  if (document.activeElement === document.body && opener && opener.isConnected) opener.focus();
}), true);
document.addEventListener("htmx:afterRequest", () => {
  all(".is-busy").forEach((button) => { button.classList.remove("is-busy"); button.removeAttribute("aria-busy"); });
});
document.addEventListener("htmx:afterSettle", (event) => {
  const part = event.detail.elt;
  if (!part || !part.querySelectorAll) return;
  visit(part);
  const target = [".errsum", "[aria-invalid=true]", "[data-focus-after]"].flatMap((each) => within(part, each))[0];
  if (target) target.focus();
});
// A sentence meant for the page goes into the dialog while one is open: nobody sees what lies behind it.
document.addEventListener("htmx:beforeSwap", (event) => {
  const dialog = one("dialog[open] .dlg__b");
  if (!dialog || !event.detail.target || event.detail.target.id !== "page-notes") return;
  const place = one(".dlg-notes", dialog) || document.createElement("div");
  place.className = "dlg-notes";
  place.setAttribute("role", "alert");
  dialog.prepend(place);
  event.detail.target = place;
});
document.addEventListener("htmx:sendError", () => toast("连不上服务器，请检查网络后再试。填写的内容还在。"));
document.addEventListener("htmx:timeout", () => toast("服务器没有及时答复，请稍后再试。填写的内容还在。"));
