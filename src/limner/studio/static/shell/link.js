// Whether the server answers: told to all who listen for "limner-link", and found out again by asking.

const ASK_MS = 1500;

let waiting = false;

/** @param {boolean} open */
function tell(open) {
  window.dispatchEvent(new CustomEvent("limner-link", { detail: open }));
}

/** The server did not answer: say so, and ask until it does. */
export function lost() {
  if (waiting) return;
  waiting = true;
  tell(false);
  window.setTimeout(ask, ASK_MS);
}

/** The server has answered. */
export function found() {
  if (!waiting) return;
  waiting = false;
  tell(true);
}

async function ask() {
  if (!waiting) return;
  const answer = await fetch("/api/studio").catch(() => null);
  if (answer?.ok) found();
  else window.setTimeout(ask, ASK_MS);
}

/**
 * Listen for it.
 * @param {(open: boolean) => void} then
 */
export function onLink(then) {
  window.addEventListener("limner-link", (event) => then(/** @type {CustomEvent<boolean>} */ (event).detail));
}
