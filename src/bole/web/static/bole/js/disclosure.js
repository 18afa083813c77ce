/* What opens and closes in place: narrow menus, tree nodes, table rows, drop-down menus, tabs. */
import { all, on, one } from "./page.js";

on("click", "button[aria-expanded]", (event, button) => {
  const open = button.getAttribute("aria-expanded") !== "true";
  button.setAttribute("aria-expanded", String(open));
  const row = button.closest(".tree__r");
  if (row) {
    if (row.nextElementSibling) row.nextElementSibling.hidden = !open;
    return;
  }
  const targets = (button.getAttribute("aria-controls") || "").split(" ").map((id) => document.getElementById(id)).filter(Boolean);
  targets.forEach((target) => {
    if (button.classList.contains("navtoggle")) target.classList.toggle("is-open", open);
    else target.hidden = !open;
  });
});

document.addEventListener("click", (event) => {
  all("details.menu[open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !event.target.closest) return;
  const menu = event.target.closest("details.menu[open]");
  if (menu) { menu.open = false; one("summary", menu).focus(); }
});

const choose = (tab) => {
  all("[role=tab]", tab.parentElement).forEach((each) => {
    const chosen = each === tab;
    each.setAttribute("aria-selected", String(chosen));
    each.tabIndex = chosen ? 0 : -1;
    const panel = document.getElementById(each.getAttribute("aria-controls"));
    if (panel) panel.hidden = !chosen;
  });
  tab.focus();
};
on("click", "[data-tab]", (event, tab) => choose(tab));
on("keydown", "[data-tab]", (event, tab) => {
  if (!["ArrowLeft", "ArrowRight"].includes(event.key)) return;
  const tabs = all("[role=tab]", tab.parentElement);
  choose(tabs[(tabs.indexOf(tab) + (event.key === "ArrowRight" ? 1 : tabs.length - 1)) % tabs.length]);
});
