import type { CodePage } from "./code-page.ts";

/** Codes of what goes wrong with hosts, plans and runs. */
export const runCodes = {} satisfies Record<string, CodePage>;
