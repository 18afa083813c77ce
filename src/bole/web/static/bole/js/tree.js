/* Branches of a tree: the sign opens and closes in place, what is under it is fetched by htmx the first time.
   Without scripts the sign is a link to the unit, whose page shows the branch opened. */
import { on } from "./page.js";

const turn = (sign) => {
  const open = sign.getAttribute("aria-expanded") !== "true";
  sign.setAttribute("aria-expanded", String(open));
  const branch = document.getElementById(sign.getAttribute("aria-controls"));
  if (branch) branch.hidden = !open;
};

on("click", "a[data-branch]", (event, sign) => {
  event.preventDefault();
  turn(sign);
});
on("keydown", "a[data-branch]", (event, sign) => {
  if (event.key !== " ") return;
  event.preventDefault();
  sign.click();
});
