/* Requests to the own server. */
import { one } from "./page.js";

const token = () => {
  const meta = one('meta[name="csrf-token"]');
  const input = one('input[name="csrfmiddlewaretoken"]');
  return meta ? meta.content : input ? input.value : "";
};

/** What every request that changes something carries: the token, and the capacity in which the page was opened. */
export const proof = () => {
  const meta = one('meta[name="acting"]');
  return { "X-CSRFToken": token(), ...(meta ? { "X-Acting": meta.content } : {}) };
};

/** POST a form body and read a JSON answer. Resolves {status, data}; status 0 when the server was not reached. */
export const postForm = async (address, body, { keepalive = false } = {}) => {
  try {
    const answer = await fetch(address, {
      method: "POST", body, keepalive, credentials: "same-origin", redirect: "error",
      headers: { ...proof(), Accept: "application/json" },
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
