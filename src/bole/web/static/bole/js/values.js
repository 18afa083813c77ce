/* What a form holds, as the conditions of definitions see it. */
import { all } from "./page.js";

/** A coded answer compares equal to its code and to its name. */
export class Coded {
  constructor(code, name) { this.code = code; this.name = name; }
  is(other) { return other === this.code || other === this.name; }
}

const labelOf = (control) => {
  const label = control.closest("label");
  if (!label) return "";
  const words = label.querySelector("span") || label;
  return (words.firstChild && words.firstChild.nodeType === 3 ? words.firstChild : words).textContent.trim();
};

/** Value of a named field: null when empty, text, a Coded, or a list of Coded for several ticks. */
export const valueOf = (form, name) => {
  const controls = all(`[name="${CSS.escape(name)}"]`, form);
  if (!controls.length) return undefined;
  const first = controls[0];
  if (first.type === "checkbox") {
    if (controls.length === 1 && !first.hasAttribute("data-many")) return first.checked ? new Coded(first.value, labelOf(first)) : null;
    return controls.filter((control) => control.checked).map((control) => new Coded(control.value, labelOf(control)));
  }
  if (first.type === "radio") {
    const chosen = controls.find((control) => control.checked);
    return chosen && chosen.value !== "" ? new Coded(chosen.value, labelOf(chosen)) : null;
  }
  if (first.tagName === "SELECT") {
    const chosen = first.selectedOptions[0];
    return chosen && chosen.value !== "" ? new Coded(chosen.value, chosen.textContent.trim()) : null;
  }
  if (first.dataset.code !== undefined) return first.value === "" ? null : new Coded(first.value, first.dataset.label || first.value);
  return first.value.trim() === "" ? null : first.value.trim();
};
