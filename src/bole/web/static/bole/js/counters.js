/* Remaining length, counted in characters as the server counts them. */
import { on, onContent, within } from "./page.js";

const count = (control) => {
  const out = document.getElementById(control.dataset.count);
  const most = Number(control.dataset.max || control.maxLength);
  if (!out || !(most > 0)) return;
  const left = most - [...control.value].length;
  out.textContent = left < 0 ? `超出 ${-left} 字` : `还可输入 ${left} 字`;
  out.classList.toggle("is-near", left >= 0 && left <= Math.max(3, most * 0.1));
  out.classList.toggle("is-over", left < 0);
};

on("input", "[data-count]", (event, control) => count(control));
// A reset puts the values back after its event.
document.addEventListener("reset", (event) => setTimeout(() => within(event.target, "[data-count]").forEach(count)));
onContent((part) => within(part, "[data-count]").forEach(count));
