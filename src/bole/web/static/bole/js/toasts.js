/* Short messages of what just happened; never the only place of a message. */
import { on, one } from "./page.js";

export const toast = (text) => {
  const box = one(".toasts");
  if (!box || !text) return;
  const item = document.createElement("div");
  item.className = "toast";
  const words = document.createElement("span");
  words.textContent = text;
  const close = document.createElement("button");
  close.type = "button";
  close.dataset.dismiss = "";
  close.textContent = "关闭";
  item.append(words, close);
  box.append(item);
  setTimeout(() => item.remove(), 8000);
};

on("click", ".toast [data-dismiss]", (event, button) => button.closest(".toast").remove());
on("click", "[data-toast]", (event, button) => toast(button.dataset.toast));
