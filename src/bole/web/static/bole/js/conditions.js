/* The page's twin of bole.definitions.conditions: evaluates the JSON tree of a condition.
   A missing value is null; an order comparison with something missing is false, never an error.
   Controls hold text, so text is read as a number where the other side is one. */
import { Coded } from "./values.js";

const missing = (value) => value === null || value === undefined;
const truth = (value) => (Array.isArray(value) ? value.length > 0 : Boolean(value));
const code = (value) => (value instanceof Coded ? value.code : value);
const isNumber = (value) => typeof value === "number";
const asNumber = (value) => (isNumber(value) ? value : typeof value === "string" && value.trim() !== "" ? Number(value) : NaN);

const same = (left, right) => {
  if (left instanceof Coded) return right instanceof Coded ? left.code === right.code : !missing(right) && left.is(String(right));
  if (right instanceof Coded) return same(right, left);
  if (missing(left) || missing(right)) return missing(left) && missing(right);
  if (Array.isArray(left) && Array.isArray(right)) return left.length === right.length && left.every((each, index) => same(each, right[index]));
  if (isNumber(left) || isNumber(right)) return typeof left !== "boolean" && typeof right !== "boolean" && asNumber(left) === asNumber(right);
  return left === right;
};

const iso = (text) => [4, 7, 10].includes(text.length) && /^\d{4}(-|$)/.test(text);
const ordered = (test) => (first, second) => {
  let [left, right] = [code(first), code(second)];
  if (isNumber(left) || isNumber(right)) {
    [left, right] = [asNumber(left), asNumber(right)];
    return !Number.isNaN(left) && !Number.isNaN(right) && test(left, right);
  }
  if (typeof left !== "string" || typeof right !== "string") return false;
  if (iso(left) && iso(right)) { // a month against a day: only what both say is compared
    const length = Math.min(left.length, right.length);
    [left, right] = [left.slice(0, length), right.slice(0, length)];
  }
  return test(left, right);
};

const isIn = (item, group) => {
  if (Array.isArray(group)) return group.some((each) => same(item, each));
  return typeof item === "string" && typeof group === "string" && group.includes(item);
};

const day = (value) => {
  const parts = typeof value === "string" ? /^(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?$/.exec(value) : null;
  return parts ? [Number(parts[1]), Number(parts[2] || 1), Number(parts[3] || 1)] : null;
};
const months = (start, end) => {
  const [first, last] = [day(start), day(end)];
  return first && last ? (last[0] - first[0]) * 12 + last[1] - first[1] - (last[2] < first[2] ? 1 : 0) : null;
};

// As bole.standards.queries.retirement has it: first month of birth, months of birth for each month of delay, most delay.
const delays = { 60: [1965, 4, 36], 55: [1970, 4, 36], 50: [1975, 2, 60] };
const retirement = (birth, original) => {
  const born = day(birth);
  if (!born || !delays[original]) return null;
  const [first, step, most] = delays[original];
  const delay = Math.min(Math.max(Math.floor(((born[0] - first) * 12 + born[1] - 1) / step) + 1, 0), most);
  const total = born[0] * 12 + born[1] - 1 + original * 12 + delay;
  const [year, month] = [Math.floor(total / 12), (total % 12) + 1];
  const last = new Date(Date.UTC(year, month, 0)).getUTCDate();
  return [String(year), String(month).padStart(2, "0"), String(Math.min(born[2], last)).padStart(2, "0")].join("-");
};

const functions = {
  count: (value) => (missing(value) ? 0 : Array.isArray(value) ? value.filter((each) => !missing(each)).length : 1),
  len: (value) => {
    const text = value instanceof Coded ? value.name : value;
    return typeof text === "string" ? [...text].length : Array.isArray(text) ? text.length : 0;
  },
  age: (born, on) => {
    const full = months(born, on);
    return full === null ? null : Math.floor(full / 12);
  },
  months_between: months,
  retirement,
};

const comparisons = {
  "==": same,
  "!=": (left, right) => !same(left, right),
  "<": ordered((left, right) => left < right),
  "<=": ordered((left, right) => left <= right),
  ">": ordered((left, right) => left > right),
  ">=": ordered((left, right) => left >= right),
  in: isIn,
  "not in": (left, right) => !isIn(left, right),
};

const today = () => new Intl.DateTimeFormat("en-CA", { timeZone: "Asia/Shanghai" }).format(new Date());

/** The value of a tree; `lookup(name)` answers what a name stands for. Throws on an operator it does not know. */
export const evaluate = ([word, ...rest], lookup) => {
  const value = (tree) => evaluate(tree, lookup);
  if (word === "value") return rest[0] !== null && typeof rest[0] === "object" ? Number(rest[0].decimal) : rest[0];
  if (word === "name") return rest[0] === "today" ? today() : lookup(rest[0]);
  if (word === "list") return rest.map(value);
  if (word === "and") return rest.every((each) => truth(value(each)));
  if (word === "or") return rest.some((each) => truth(value(each)));
  if (word === "not") return !truth(value(rest[0]));
  if (word === "call") return functions[rest[0]](...rest.slice(1).map(value));
  if (comparisons[word]) return comparisons[word](value(rest[0]), value(rest[1]));
  throw new Error(`unknown operator ${word}`);
};

export const holds = (tree, lookup) => truth(evaluate(tree, lookup));
