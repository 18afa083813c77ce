/* Review: a section marked faulty is ticked in 「问题模块」 and selects 「退回修改」; phrases; what a choice reveals. */
import { all, changed, on, onContent, one } from "./page.js";

/** A sign from the sprite that the page uses already. */
const sign = (name) => {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "ico");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", one("svg use").getAttribute("href").replace(/#.*$/, `#i-${name}`));
  svg.append(use);
  return svg;
};
const reveal = () => all("[data-reveal]").forEach((part) => {
  const control = document.getElementById(part.dataset.reveal);
  part.hidden = !(control && control.checked);
});

on("change", ".seg--bad input", (event, answer) => {
  const section = answer.closest(".rsec");
  const bad = answer.value === "是";
  section.classList.toggle("is-faulty", bad);
  const why = one(".rsec__f .field", section);
  if (why) why.hidden = !bad;
  const module = document.getElementById(`m-${section.id}`);
  if (module) module.checked = bad;
  const dot = one(`.rail a[href="#${section.id}"] .dot`);
  if (dot) {
    dot.className = bad ? "dot dot--bad" : "dot dot--pass";
    dot.replaceChildren(sign(bad ? "back" : "check"));
  }
  const back = one("#v-back");
  if (bad && back) { back.checked = true; refresh(); }
  all("[data-faulty]").forEach((number) => { number.textContent = all(".rsec.is-faulty").length; });
});
/** Buttons say what they do: [data-act] takes the words of the chosen result. */
const nameActs = () => {
  const chosen = one("[data-verdict]:checked");
  all("[data-act]").forEach((words) => { words.textContent = chosen ? chosen.dataset.verdict : words.dataset.act; });
};
const refresh = () => { reveal(); nameActs(); };
document.addEventListener("change", refresh);
onContent(refresh);

on("click", "[data-phrase]", (event, button) => {
  const area = document.getElementById(button.closest("[data-into]").dataset.into);
  area.value = (area.value ? `${area.value.trimEnd()}\n` : "") + button.dataset.phrase;
  changed(area);
  area.focus();
});
