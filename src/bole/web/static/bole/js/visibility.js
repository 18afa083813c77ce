/* Fields that depend on others: data-show holds the condition tree. Facts from outside the section are in the
   form's data-facts. What is hidden keeps its value: the server keeps it as typed and leaves it out of the answers. */
import { all, onContent, within } from "./page.js";
import { holds } from "./conditions.js";
import { valueOf } from "./values.js";

const parse = (text, otherwise) => { try { return JSON.parse(text); } catch { return otherwise; } };

const refresh = (form) => {
  const facts = parse(form.dataset.facts || "{}", {});
  const lookup = (name) => {
    const value = valueOf(form, name);
    return value === undefined ? facts[name] : value;
  };
  all("[data-show]", form).forEach((field) => {
    try {
      field.hidden = !holds(parse(field.dataset.show, ["value", true]), lookup);
    } catch {
      field.hidden = false; // better one field too many than one that cannot be filled
    }
  });
};

const follow = (event) => {
  const form = event.target.closest && event.target.closest("form");
  if (form && form.querySelector("[data-show]")) refresh(form);
};
document.addEventListener("change", follow);
document.addEventListener("input", follow);
document.addEventListener("reset", (event) => setTimeout(() => refresh(event.target)));
onContent((part) => {
  const forms = new Set(within(part, "[data-show]").map((field) => field.closest("form")).filter(Boolean));
  forms.forEach(refresh);
});
