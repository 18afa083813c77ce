/* Another captcha image at a press; without script the link beside it reloads the page. */
import { on, one } from "./page.js";
import { getJson } from "./request.js";

on("click", "button.captcha[data-captcha]", async (event, button) => {
  const fresh = await getJson(button.dataset.captcha);
  if (!fresh) return;
  one("img", button).src = fresh.image;
  const key = document.getElementById(button.dataset.key);
  if (key) key.value = fresh.key;
  const answer = document.getElementById(button.dataset.answer);
  if (answer) { answer.value = ""; answer.focus(); }
});
