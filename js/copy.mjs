// The one source of limner.js and of its licence lie elsewhere in the repository: bring them here to be packed.

import { copyFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const bring = (from, to) => copyFileSync(fileURLToPath(new URL(from, import.meta.url)), fileURLToPath(new URL(to, import.meta.url)));
bring("../src/limner/interchange/web/limner.js", "./limner.js");
bring("../LICENSE", "./LICENSE");
