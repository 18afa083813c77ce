/* Requests to the own server. */
import { one } from "./page.js";

export const token = () => {
  const meta = one('meta[name="csrf-token"]');
  const input = one('input[name="csrfmiddlewaretoken"]');
  return meta ? meta.content : input ? input.value : "";
};

/** POST a form body and read a JSON answer. Resolves {status, data}; status 0 when the server was not reached. */
export const postForm = async (address, body, { keepalive = false } = {}) => {
  try {
    const answer = await fetch(address, {
      method: "POST", body, keepalive, credentials: "same-origin", redirect: "error",
      headers: { "X-CSRFToken": token(), Accept: "application/json" },
    });
    let data = {};
    try { data = await answer.json(); } catch { /* an answer without a body, or a page of a proxy */ }
    return { status: answer.status, data };
  } catch {
    return { status: 0, data: {} };
  }
};

/** GET JSON; null when it could not be had. */
export const getJson = async (address, signal) => {
  try {
    const answer = await fetch(address, { headers: { Accept: "application/json" }, credentials: "same-origin", signal });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
};
