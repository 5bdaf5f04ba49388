import type { CodePage } from "./code-page.ts";
import { expressionCodes } from "./language/expression.ts";
import { schemaCodes } from "./language/schema.ts";
import { textCodes } from "./language/text.ts";
import { yamlCodes } from "./language/yaml.ts";

/** Codes of faults in YAML, text, expressions and schemas. */
export const languageCodes = {
  ...yamlCodes,
  ...expressionCodes,
  ...textCodes,
  ...schemaCodes,
} satisfies Record<string, CodePage>;
