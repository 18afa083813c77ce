/* What could not be sent, kept on this device until the server has it. Bound to the account that typed it:
   another account on the same device neither sees nor sends it, and its arrival removes it. Gone after seven days. */
import { root, store } from "./page.js";

const PREFIX = "bole.draft:";
const LIFE = 7 * 24 * 3600 * 1000;
const owner = () => root.dataset.account || "";

/** `labels` are the words shown for codes that were looked up, by field name. */
export const keep = (key, body, seen, labels = {}) => store.set(PREFIX + key, JSON.stringify({ owner: owner(), at: Date.now(), seen, body, labels }));
export const drop = (key) => store.remove(PREFIX + key);

export const find = (key) => {
  try {
    const draft = JSON.parse(store.get(PREFIX + key));
    return draft && draft.owner === owner() ? draft : null;
  } catch {
    return null;
  }
};

const each = (act) => store.keys().filter((key) => key.startsWith(PREFIX)).forEach((key) => {
  let draft = null;
  try { draft = JSON.parse(store.get(key)); } catch { /* unreadable: removed below */ }
  act(key, draft);
});

/** Every draft of this account, oldest first, as [key, draft]. */
export const mine = () => {
  const found = [];
  each((key, draft) => { if (draft && draft.owner === owner()) found.push([key.slice(PREFIX.length), draft]); });
  return found.sort((a, b) => a[1].at - b[1].at);
};

export const forgetAll = () => each((key) => store.remove(key));

each((key, draft) => {
  const strange = owner() && draft && draft.owner !== owner();
  if (!draft || strange || Date.now() - draft.at > LIFE) store.remove(key);
});
