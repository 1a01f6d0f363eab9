// Whether the server answers: announced by the event "limner-link", and polled while it does not.

const ASK_MS = 1500;

let waiting = false;

/** @param {boolean} open */
function tell(open) {
  window.dispatchEvent(new CustomEvent("limner-link", { detail: open }));
}

/** Announce that the server did not answer, and poll it until it does. */
export function lost() {
  if (waiting) return;
  waiting = true;
  tell(false);
  window.setTimeout(ask, ASK_MS);
}

/** Announce that the server answers again. */
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
 * Add a listener.
 * @param {(open: boolean) => void} then
 */
export function onLink(then) {
  window.addEventListener("limner-link", (event) => then(/** @type {CustomEvent<boolean>} */ (event).detail));
}
