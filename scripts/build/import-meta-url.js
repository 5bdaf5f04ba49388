import { pathToFileURL } from "node:url";

/** What `import.meta.url` becomes in a CommonJS bundle. */
export const importMetaUrl = pathToFileURL(__filename).href;
