/* Large type and dark display: kept in a cookie, so that the server writes them into the page and nothing flashes. */
import { all, on, onContent, root, within } from "./page.js";

const YEAR = 31536000;

const preference = (name, cookie, chosen, normal, selector) => {
  const paint = (part) => within(part, selector).forEach((b) => b.setAttribute("aria-pressed", String(root.dataset[name] === chosen)));
  onContent(paint);
  on("click", selector, () => {
    root.dataset[name] = root.dataset[name] === chosen ? normal : chosen;
    document.cookie = `${cookie}=${root.dataset[name]}; path=/; max-age=${YEAR}; SameSite=Lax${location.protocol === "https:" ? "; Secure" : ""}`;
    all(selector).forEach((b) => b.setAttribute("aria-pressed", String(root.dataset[name] === chosen)));
  });
};

preference("size", "bole_size", "large", "normal", "[data-size-toggle]");
preference("theme", "bole_theme", "dark", "light", "[data-theme-toggle]");
on("click", "[data-print]", () => print());
