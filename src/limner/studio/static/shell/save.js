// Export: the server writes a file, the browser saves it.

import { h } from "./dom.js";

/**
 * Export drawings and save the file.
 * @param {import("./types.js").Studio} studio
 * @param {Record<string, unknown>} body of POST /api/export
 */
export async function save(studio, body) {
  studio.say("Writing …");
  const { blob, name } = await studio.api.file("/api/export", body);
  const address = URL.createObjectURL(blob);
  const link = h("a", { href: address, download: name, hidden: true });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
  studio.say(`${name} is written.`);
}
