/* Review: marks, answers of the sections, 「问题模块」 and the result follow each other; phrases; what a choice reveals. */
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

const BAD = ["是", "部分"];
const answerOf = (section) => (one(".seg--bad input:checked", section) || {}).value || "";
const inside = (section) => all("[data-at]:checked", section);
const put = (section, value) => {
  const answer = all(".seg--bad input", section).find((each) => each.value === value);
  if (answer) answer.checked = true;
  else all(".seg--bad input", section).forEach((each) => { each.checked = false; });
};

/** A section as its answer and its marks say: border, dot in the rail, tick in 「问题模块」, what can be typed. */
const paint = (section) => {
  const value = answerOf(section);
  const bad = BAD.includes(value);
  const many = inside(section).length;
  section.classList.toggle("is-faulty", bad);
  const why = one(".rsec__f .field", section);
  if (why) why.hidden = value !== "是";
  const part = one("[data-part]", section);
  if (part) { part.hidden = value !== "部分"; one("[data-inner]", part).textContent = many; }
  const module = document.getElementById(`m-${section.id}`);
  if (module) module.checked = bad;
  const dot = one(`.rail a[href="#${section.id}"] .dot`);
  if (dot && value) {
    dot.className = bad ? "dot dot--bad" : "dot dot--pass";
    dot.replaceChildren(sign(bad ? "back" : "check"));
  } else if (dot) { dot.className = "dot"; dot.replaceChildren(); }
};

/** The result follows from the marks until the reviewer chooses another one; the sentence under it says why. */
const follow = () => {
  const told = one("[data-follows]");
  const sections = all(".rsec");
  const values = sections.map(answerOf);
  const places = sections.reduce((sum, section, index) => sum + (BAD.includes(values[index]) ? inside(section).length || 1 : 0), 0);
  all("[data-faulty]").forEach((number) => { number.textContent = values.filter((value) => BAD.includes(value)).length; });
  if (!told) return;
  const pass = one("#v-pass");
  const back = one("#v-back");
  const { approve, back: returning } = told.dataset;
  const open = values.filter((value) => !value).length;
  const wrong = places && pass && pass.checked;
  told.classList.toggle("zhu", Boolean(wrong));
  if (wrong) told.textContent = `已标出 ${places} 处有误，不能选「${approve}」：请选「${returning}」，或取消标记。`;
  else if (places) told.textContent = `已标出 ${places} 处有误${back ? `，按标记应「${returning}」` : ""}。`;
  else if (!open && pass) told.textContent = `各模块均无误，按标记可以「${approve}」。`;
  else if (open < sections.length) told.textContent = `还有 ${open} 个模块没有选是否有误。`;
};
const lead = () => {
  const values = all(".rsec").map(answerOf);
  const faulty = values.some((value) => BAD.includes(value));
  const wanted = faulty ? one("#v-back") : values.every((value) => value === "否") ? one("#v-pass") : null;
  const chosen = one("[data-verdict]:checked");
  if (wanted && (!chosen || faulty && chosen.id === "v-pass" || !faulty && chosen.id === "v-back")) wanted.checked = true;
};
const settle = (section) => { paint(section); lead(); refresh(); };

on("change", ".seg--bad input", (event, answer) => {
  const section = answer.closest(".rsec");
  if (answer.value === "否") inside(section).forEach((mark) => { mark.checked = false; one(".input", mark.closest(".marks__i")).value = ""; });
  if (answer.value === "部分" && !inside(section).length) {
    const marks = one("[data-marks]", section);
    if (marks) { marks.open = true; one("[data-at]", marks).focus(); }
  }
  all("[data-at]", section).forEach(flagged);
  settle(section);
});
on("change", "[data-module]", (event, module) => {
  const section = document.getElementById(module.id.replace(/^m-/, ""));
  if (!section) return;
  if (!module.checked) inside(section).forEach((mark) => { mark.checked = false; flagged(mark); });
  put(section, module.checked ? inside(section).length ? "部分" : "是" : "");
  settle(section);
});
/** A mark shows at its value: the cell, the record, the flag beside it. */
const flagged = (mark) => {
  const flag = one(`[data-flag="${CSS.escape(mark.value)}"]`);
  if (!flag) return;
  flag.setAttribute("aria-pressed", String(mark.checked));
  flag.closest("div").classList.toggle("is-marked", mark.checked);
};
on("change", "[data-at]", (event, mark) => {
  const section = mark.closest(".rsec");
  const value = answerOf(section);
  flagged(mark);
  if (inside(section).length && value !== "是") put(section, "部分");
  else if (!inside(section).length && value === "部分") put(section, "");
  const words = one(".input", mark.closest(".marks__i"));
  if (mark.checked && !words.value) words.focus(); // what the viewer marks comes with its words
  settle(section);
});
on("input", ".marks__i .input", (event, words) => {
  const mark = one("[data-at]", words.closest(".marks__i"));
  if (words.value && !mark.checked) { mark.checked = true; mark.dispatchEvent(new Event("change", { bubbles: true })); words.focus(); }
});
on("click", "[data-flag]", (event, flag) => {
  const mark = document.getElementById(`at-${flag.dataset.flag}`);
  if (!mark) return;
  mark.closest("details").open = true;
  mark.checked = !mark.checked;
  mark.dispatchEvent(new Event("change", { bubbles: true }));
});

/** Buttons say what they do: [data-act] takes the words of the chosen result. */
const nameActs = () => {
  const chosen = one("[data-verdict]:checked");
  all("[data-act]").forEach((words) => { words.textContent = chosen ? chosen.dataset.verdict : words.dataset.act; });
};
const returning = () => {
  const to = one('#decide [name="target"]');
  const resume = one("[data-resume]");
  if (to && resume) resume.hidden = to.value !== "applicant";
};
const refresh = () => { follow(); reveal(); nameActs(); returning(); };
document.addEventListener("change", refresh);
onContent((part) => {
  if (part !== document) all(".rsec", part.parentElement || document).forEach(paint);
  refresh();
});

/** Placeholders of a phrase take the words of this case, and of what is marked at this moment. */
const filled = (text, place) => {
  const words = Object.fromEntries(Object.keys(place.dataset).filter((key) => /^fill-?\d/.test(key)).map((key) => place.dataset[key].split(/=(.*)/s).slice(0, 2)));
  const faulty = all(".rsec").filter((section) => BAD.includes(answerOf(section)));
  if (faulty.length) words["问题模块"] = faulty.map((section) => section.dataset.name).join("、");
  const papers = all("[data-material]").filter((part) => one("[data-at]:checked", part)).map((part) => part.dataset.material);
  if (papers.length) words["材料"] = papers.join("、");
  return Object.entries(words).reduce((said, [name, word]) => (word ? said.replaceAll(`{${name}}`, word) : said), text);
};
on("click", "[data-phrase]", (event, button) => {
  event.preventDefault();
  const area = document.getElementById(button.closest("[data-into]").dataset.into);
  const place = one("[data-fill]");
  const words = place ? filled(button.dataset.phrase, place) : button.dataset.phrase;
  area.value = (area.value ? `${area.value.trimEnd()}\n` : "") + words;
  changed(area);
  area.focus();
});
