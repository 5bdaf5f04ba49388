import { readdirSync } from "node:fs";
import { join } from "node:path";
import { nearest } from "../base/nearest.ts";
import { Fault, Faults } from "../errors/fault.ts";
import type { Place } from "../errors/place.ts";
import type { MapNode, Node, Origin } from "../language/node.ts";
import { firstOf, isFolder, readDocument, shownPath } from "./document.ts";
import { describe, Form } from "./form.ts";
import { nameFault } from "./names.ts";
import { readPlatforms } from "./platforms.ts";
import { defaultsFor, readSchema } from "./schema-tree.ts";
import type { Schema } from "./schema-tree.ts";
import type { Invariant, Role } from "./tree.ts";

const META_KEYS = ["summary", "platforms", "parameters", "dependencies", "uses", "invariants"];
const OLD_META = new Map([
  ["galaxy_info", "write `summary` and `platforms` at the top of this file"],
  ["argument_specs", "describe the parameters as a JSON Schema under `parameters`"],
  ["allow_duplicates", "a role runs again when it is given other parameters under `with`"],
  ["collections", "roles are found by folder: list further folders under `roles_path` of provision.yml"],
]);

/** A role and what was wrong with its files. */
interface ReadRole {
  role: Role;
  faults: readonly Fault[];
}

/** The folders in which roles are found, first wins, and the roles read from them (each once). */
export class RoleLibrary {
  #folders: string[];
  #read = new Map<string, ReadRole | undefined>();
  #names: string[] | undefined;

  /** `folders`: absolute, first wins; those that are missing are passed over. */
  constructor(folders: readonly string[]) {
    this.#folders = [...new Set(folders)];
  }

  get folders(): readonly string[] {
    return this.#folders;
  }

  /** Puts a folder behind the first one, unless it is there already (the `roles` beside an imported playbook). */
  add(folder: string): void {
    if (this.#folders.includes(folder) || !isFolder(folder)) return;
    this.#folders.splice(1, 0, folder);
    this.#names = undefined;
  }

  /** Every role that can be found, sorted. */
  names(): string[] {
    this.#names ??= [...new Set(this.#folders.flatMap(roleFolders))].sort();
    return this.#names;
  }

  /** All folders that hold a role of this name; the first wins. */
  foldersOf(name: string): string[] {
    return this.#folders.map((folder) => join(folder, name)).filter(isFolder);
  }

  has(name: string): boolean {
    return this.names().includes(name);
  }

  /** The role of a name with the faults of its files; `undefined` where there is none. */
  read(name: string): ReadRole | undefined {
    if (!this.#read.has(name)) {
      const folder = this.has(name) ? this.foldersOf(name)[0] : undefined;
      const read = folder === undefined ? undefined : readRole(name, folder);
      this.#read.set(
        name,
        read === undefined ? undefined : { role: read.role, faults: [...read.faults, ...this.#unknownUses(read)] },
      );
    }
    return this.#read.get(name);
  }

  /** The role of a name, as far as its files could be read. */
  get(name: string): Role | undefined {
    return this.read(name)?.role;
  }

  #unknownUses({ role, usesPlace }: ReadRole & { usesPlace: Place }): Fault[] {
    return role.uses.filter((name) => !this.has(name)).map((name) => this.unknown(name, usesPlace));
  }

  /** What to say where a role is named that is not there. */
  unknown(name: string, place: Place): Fault {
    const near = nearest(name.replace(/^.*\./, ""), this.names());
    const looked = this.#folders.map(shownPath).join(", ");
    return new Fault("unknown-role", `there is no role "${name}"`, {
      place,
      hint: `${near === undefined ? "" : `did you mean "${near}"? `}Looked in: ${looked}`,
    });
  }
}

function roleFolders(folder: string): string[] {
  if (!isFolder(folder)) return [];
  return readdirSync(folder).filter((name) => !name.startsWith(".") && isFolder(join(folder, name)));
}

/** Reads a role's declaration; its tasks are read where it is called. */
function readRole(name: string, folder: string): ReadRole & { usesPlace: Place } {
  const faults: Fault[] = [];
  const file = firstOf([join(folder, "meta", "main.yml"), join(folder, "meta", "main.yaml")]);
  const origin: Origin = {
    file: shownPath(file ?? folder),
    layer: `role defaults of ${name}`,
    ...(file === undefined ? {} : { path: file }),
  };
  const place: Place = { file: origin.file, line: 1, column: 1 };
  const attempt = <T>(work: () => T): T | undefined => {
    try {
      return work();
    } catch (error) {
      if (error instanceof Fault) faults.push(error);
      else if (error instanceof Faults) faults.push(...error.faults);
      else throw error;
      return undefined;
    }
  };
  const badName = nameFault("role", name, undefined);
  if (badName !== undefined)
    faults.push(
      new Fault(badName.code, badName.message, {
        ...badName.details,
        place: { file: shownPath(folder), line: 1, column: 1 },
      }),
    );
  for (const old of ["defaults", "vars"]) {
    if (!isFolder(join(folder, old))) continue;
    faults.push(
      new Fault("role-layout", `role ${name} has a folder ${old}/, which is not read`, {
        place,
        hint: `declare each value under \`parameters\` of ${shownPath(join(folder, "meta", "main.yml"))} with its \`default\`, and delete the folder`,
      }),
    );
  }
  const document =
    file === undefined
      ? undefined
      : attempt(() => readDocument(file, { what: `declaration of role ${name}`, layer: `role defaults of ${name}` }));
  const empty: MapNode = { kind: "map", entries: new Map(), origin, place };
  if (document !== undefined && document.kind !== "map" && !(document.kind === "scalar" && document.value === null)) {
    faults.push(
      new Fault("wrong-form", `the declaration of role ${name} has to be a map, and is ${describe(document)}`, {
        place: document.place,
      }),
    );
  }
  const form = new Form(document?.kind === "map" ? document : empty, `the declaration of role ${name}`, faults);
  form.onlyKeys([...META_KEYS, "outputs"], OLD_META);
  if (form.has("outputs"))
    form.fault(
      "not-offered",
      "outputs of roles cannot be declared yet",
      form.keyPlace("outputs"),
      "remove `outputs`; read the value with a step and `register`, or declare it in the inventory",
    );
  const parameters = form.mapOf("parameters");
  const schema = parameters === undefined ? undefined : attempt(() => readParameters(parameters, name, faults));
  const defaults = schema === undefined ? undefined : defaultsFor(schema, undefined, origin);
  const role: Role = {
    name,
    folder,
    summary: form.text("summary") ?? "",
    platforms: form.words("platforms"),
    parameters: schema?.json,
    schema,
    defaults: under(name, defaults ?? empty),
    dependencies: readDependencies(form),
    uses: form.words("uses"),
    invariants: form.list("invariants").flatMap((node) => readInvariant(node, name, faults)),
    platformTables: attempt(() => readPlatforms(join(folder, "platforms"), name, faults)) ?? new Map<string, MapNode>(),
    metaFile: shownPath(file ?? join(folder, "meta", "main.yml")),
  };
  return { role, faults, usesPlace: form.node("uses")?.place ?? place };
}

/** A map with one key. */
export function under(key: string, value: MapNode): MapNode {
  return {
    kind: "map",
    entries: new Map([[key, { key, keyPlace: value.place, value }]]),
    origin: value.origin,
    place: value.place,
  };
}

function readParameters(node: MapNode, name: string, faults: Fault[]): Schema {
  if (node.entries.size > 0 && !node.entries.has("properties") && !node.entries.has("type")) {
    throw new Fault("wrong-form", `parameters of role ${name} is not a JSON Schema of an object`, {
      place: node.place,
      hint: "write `parameters: {properties: {name: {type: string, description: …}}}`",
    });
  }
  const schema = readSchema(node);
  schema.json.type ??= "object";
  if (schema.json.type !== "object")
    throw new Fault("wrong-form", `parameters of role ${name} has to be a schema of \`type: object\``, {
      place: node.place,
    });
  const properties = node.entries.get("properties")?.value;
  if (properties?.kind !== "map") return schema;
  for (const { key, keyPlace, value } of properties.entries.values()) {
    if (!/^[a-z][a-z0-9_]*$/.test(key))
      faults.push(
        new Fault("bad-name", `"${key}" cannot be the name of a parameter`, {
          place: keyPlace,
          hint: "use small letters, digits and underscores, a letter first",
        }),
      );
    if (value.kind !== "map")
      faults.push(
        new Fault("wrong-form", `parameter ${key} of role ${name} has to be a schema, and is ${describe(value)}`, {
          place: value.place,
          hint: `for example \`${key}: {type: string, description: …}\``,
        }),
      );
  }
  for (const [key, child] of schema.properties) {
    if (child.secret && child.default !== undefined)
      faults.push(
        new Fault("plain-secret", `the secret parameter ${name}.${key} has a default that everybody can read`, {
          place: child.default.place,
          hint: "remove the default",
        }),
      );
  }
  return schema;
}

function readDependencies(form: Form): Role["dependencies"] {
  return form.nodes("dependencies").flatMap((node) => {
    if (node.kind === "scalar" && typeof node.value === "string")
      return [{ name: node.value, with: undefined, place: node.place }];
    if (node.kind !== "map") {
      form.wrong("dependencies", node, "a list of role names or of {role, with}");
      return [];
    }
    const entry = new Form(node, "a dependency", form.faults);
    entry.onlyKeys(
      ["role", "with"],
      new Map([
        ["name", "write `role: NAME`"],
        ["vars", "give parameters under `with`"],
        ["when", "a dependency has no condition: put it on the tasks"],
        ["tags", "a dependency takes the tags of the role that needs it"],
      ]),
    );
    const name = entry.text("role");
    if (name === undefined) entry.fault("missing-key", "a dependency needs `role`", node.place, "write `- role: NAME`");
    const given = entry.mapOf("with");
    return name === undefined
      ? []
      : [{ name, with: given === undefined ? undefined : under(name, given), place: node.place }];
  });
}

function readInvariant(node: Node, role: string, faults: Fault[]): Invariant[] {
  if (node.kind !== "map") {
    faults.push(
      new Fault("wrong-form", `an invariant of role ${role} has to be a map, and is ${describe(node)}`, {
        place: node.place,
        hint: "write `- name: …` and `expr: …`",
      }),
    );
    return [];
  }
  const form = new Form(node, `an invariant of role ${role}`, faults);
  form.onlyKeys(
    ["name", "expr", "loop"],
    new Map([
      ["that", "write the condition under `expr`"],
      ["when", "write it into `expr`: `!(condition) || …`"],
    ]),
  );
  const name = form.node("name");
  const expr = form.conditions("expr");
  for (const key of ["name", "expr"]) {
    if (form.node(key) === undefined)
      form.fault("missing-key", `an invariant of role ${role} needs \`${key}\``, node.place);
  }
  return name === undefined || expr.length === 0
    ? []
    : [{ name, expr, loop: form.node("loop"), place: node.place, role }];
}
