/* Where a link of a summary leads: the field gets the focus, a fold on the way is opened. */
import { on, onContent } from "./page.js";

const go = (id) => {
  const target = id && document.getElementById(id);
  if (!target) return;
  for (let fold = target.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  if (id.startsWith("f-")) target.focus();
};
const fromAddress = () => go(decodeURIComponent(location.hash.slice(1)));

on("click", 'a[href^="#"]', (event, link) => {
  const id = decodeURIComponent(link.hash.slice(1));
  if (id.startsWith("f-")) setTimeout(() => go(id));
});
addEventListener("hashchange", fromAddress);
onContent((part) => { if (part === document) fromAddress(); });
