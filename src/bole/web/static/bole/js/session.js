/* Logging out of a shared machine leaves nothing of this account on it. */
import { on, one } from "./page.js";
import * as drafts from "./drafts.js";

on("submit", "form[data-logout]", (event) => {
  const waiting = drafts.mine();
  if (waiting.length && !confirm("还有内容没有保存到服务器，退出后这些内容会丢失。仍要退出登录吗？")) {
    event.preventDefault();
    return;
  }
  drafts.forgetAll();
});

// The offline page lists what is kept here, without showing it.
const list = one("[data-kept]");
if (list) {
  const waiting = drafts.mine();
  list.textContent = waiting.length ? `${waiting.length} 处填写内容` : "没有未保存的内容";
}
