/* What a form holds, as the conditions of definitions see it. */
import { all, one } from "./page.js";

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

/* A line of a governed catalogue says its code, name and attributes ([code, name] each) in data-is. */
const lineOf = (control) => {
  const chosen = control && control.tagName === "SELECT" ? control.selectedOptions[0] : null;
  try { return chosen && chosen.dataset.is ? JSON.parse(chosen.dataset.is) : null; } catch { return null; }
};

/** Value of a named field: null when empty, text, a Coded, or a list of Coded for several ticks. */
export const valueOf = (form, name) => {
  const controls = all(`[name="${CSS.escape(name)}"]`, form);
  if (!controls.length) {
    const [own, attribute] = name.split(".");
    const control = attribute ? one(`select[data-source][name="${CSS.escape(own)}"]`, form) : null;
    if (!control) return undefined;
    const told = (lineOf(control) || { attributes: {} }).attributes || {};
    return told[attribute] ? new Coded(...told[attribute]) : null;
  }
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
    const line = lineOf(first);
    if (line && chosen.value !== "") return new Coded(line.code, line.name);
    return chosen && chosen.value !== "" ? new Coded(chosen.value, chosen.textContent.trim()) : null;
  }
  if (first.dataset.code !== undefined) return first.value === "" ? null : new Coded(first.value, first.dataset.label || first.value);
  return first.value.trim() === "" ? null : first.value.trim();
};
