import type { CodePage } from "./code-page.ts";

/** Codes of faults in playbooks, roles and tasks. */
export const playbookCodes = {} satisfies Record<string, CodePage>;
