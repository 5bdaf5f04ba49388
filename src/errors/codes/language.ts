import type { CodePage } from "./code-page.ts";

/** Codes of faults in YAML, text, expressions and schemas. */
export const languageCodes = {
  "yaml-syntax": { title: "The file is not valid YAML", page: "" },
} satisfies Record<string, CodePage>;
