/* The bar that says the network is gone. */
import { one } from "./page.js";

const bar = one("#offline-bar");
if (bar) {
  const paint = () => { bar.hidden = navigator.onLine; };
  addEventListener("online", paint);
  addEventListener("offline", paint);
  paint();
}
