import { createHash } from "node:crypto";
import type { Options, ValidateFunction } from "ajv/dist/2020.js";
import { checkFormat, FORMATS, type FormatNames } from "./formats.ts";
import { loadAjv, loadPrecompiled } from "./lazy.cjs";

let names: FormatNames | undefined;

/** The names that the formats `host` and `group` accept from now on; any when undefined. */
export function acceptNames(accepted: FormatNames | undefined): void {
  names = accepted;
}

/** The formats as validators use them, those that were compiled when the program was built too. */
export const formats: Readonly<Record<string, { type: "string"; validate: (text: string) => boolean }>> =
  Object.fromEntries(
    FORMATS.map((format) => [
      format,
      { type: "string", validate: (text: string) => checkFormat(format, text, names) === undefined },
    ]),
  );

/** The compiler of schemas. `code` asks for source text, for the build. */
export function makeCompiler(code?: Options["code"]): InstanceType<ReturnType<typeof loadAjv>> {
  const Ajv = loadAjv();
  const compiler = new Ajv({
    allErrors: true,
    verbose: true,
    strict: true,
    strictTypes: false,
    strictTuples: false,
    strictRequired: false,
    allowUnionTypes: true,
    ...(code === undefined ? {} : { code }),
  });
  compiler.addKeyword({ keyword: "secret", schemaType: "boolean" });
  for (const [name, format] of Object.entries(formats)) compiler.addFormat(name, format);
  return compiler;
}

/** The name of a schema among those compiled by the build: made from its JSON, so that an edited one is another. */
export function schemaKey(schema: Readonly<Record<string, unknown>>): string {
  return `s${createHash("sha256").update(JSON.stringify(schema)).digest("hex").slice(0, 32)}`;
}

const compiled = new WeakMap<object, ValidateFunction>();
let compiler: ReturnType<typeof makeCompiler> | undefined;

/** The validator of a schema. Throws what ajv throws when the schema itself is wrong. */
export function compileSchema(schema: Record<string, unknown>): ValidateFunction {
  const known = compiled.get(schema) ?? loadPrecompiled()[schemaKey(schema)];
  if (known !== undefined) return known;
  compiler ??= makeCompiler();
  const made = compiler.compile(schema);
  compiled.set(schema, made);
  return made;
}
