import { createRequire } from "node:module";
import { join } from "node:path";
import type { Plugin } from "esbuild";
import { makeCompiler, schemaKey } from "../../src/language/validator.ts";
import { RoleLibrary } from "../../src/playbook/roles.ts";

const root = join(import.meta.dirname, "../..");
const require = createRequire(import.meta.url);

/** Puts the compiled validators of the shipped roles' parameters in the place of `precompiled.cjs`. */
export const validators: Plugin = {
  name: "validators",
  setup(build) {
    build.onLoad({ filter: /[\\/]src[\\/]language[\\/]precompiled\.cjs$/ }, () => ({
      contents: validatorsCode(shippedSchemas()),
      loader: "js",
      resolveDir: join(root, "src/language"),
    }));
  },
};

function shippedSchemas(): Record<string, unknown>[] {
  const library = new RoleLibrary([join(root, "roles")]);
  return library.names().flatMap((name) => {
    const parameters = library.get(name)?.parameters;
    return parameters === undefined ? [] : [parameters];
  });
}

/** CommonJS that exports one validator a schema, by its key. */
export function validatorsCode(schemas: readonly Record<string, unknown>[]): string {
  const { _ } = require("ajv") as typeof import("ajv");
  const standalone = require("ajv/dist/standalone") as typeof import("ajv/dist/standalone/index.js");
  const compiler = makeCompiler({ source: true, lines: true, formats: _`require("./validator.ts").formats` });
  const keys = new Map(schemas.map((schema) => [schemaKey(schema), schema]));
  for (const [key, schema] of keys) compiler.addSchema(schema, key);
  return keys.size === 0
    ? "module.exports = {};"
    : standalone.default(compiler, Object.fromEntries([...keys.keys()].map((key) => [key, key])));
}
