import type { CodePage } from "./code-page.ts";

/** Codes of faults in inventories. */
export const inventoryCodes = {} satisfies Record<string, CodePage>;
