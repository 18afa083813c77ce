/* Small tools that the other modules share. */
export const root = document.documentElement;
export const one = (selector, within = document) => within.querySelector(selector);
export const all = (selector, within = document) => [...within.querySelectorAll(selector)];

/** Local storage that may be missing (private mode) or full; then nothing is kept and nothing breaks. */
export const store = {
  get(key) { try { return localStorage.getItem(key); } catch { return null; } },
  set(key, value) { try { localStorage.setItem(key, value); return true; } catch { return false; } },
  remove(key) { try { localStorage.removeItem(key); } catch { /* nothing to remove */ } },
  keys() { try { return Object.keys(localStorage); } catch { return []; } },
};

/** A listener on the document for elements matching a selector, present or to come. */
export const on = (type, selector, act, options) => {
  document.addEventListener(type, (event) => {
    const found = event.target.closest ? event.target.closest(selector) : null;
    if (found) act(event, found);
  }, options);
};

const visitors = [];
/** Called with the page at the start and with each part that htmx swaps in. */
export const onContent = (visit) => { visitors.push(visit); };
export const visit = (part) => visitors.forEach((each) => each(part));
export const start = () => visit(document);

/** Elements within a part, the part itself included. */
export const within = (part, selector) => {
  const found = all(selector, part);
  return part.matches && part.matches(selector) ? [part, ...found] : found;
};

/** Tell the other modules that a control's value was changed by a script. */
export const changed = (control) => {
  control.dispatchEvent(new Event("input", { bubbles: true }));
  control.dispatchEvent(new Event("change", { bubbles: true }));
};
