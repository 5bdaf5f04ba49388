import { Fault } from "../errors/fault.ts";
import { checkSchema, validateValue } from "../language/schema.ts";
import type { Node } from "../language/node.ts";
import type { Findings } from "./findings.ts";
import { literalText } from "./form.ts";
import { type Schema, schemaOf } from "./schema-tree.ts";
import type { Play, Role, RoleCall } from "./tree.ts";
import type { Variables } from "./variables.ts";

/**
 * The parameters of roles, as each host has them: where the role runs everything that the schema says, elsewhere all but
 * what is required. `extra`: calls of includes, by play.
 */
export function checkParameters(
  variables: Variables,
  extra: ReadonlyMap<Play, readonly RoleCall[]>,
  findings: Findings,
): void {
  const { playbook, inventory, library, hostsOf } = variables.options;
  const wrong = new Set<string>();
  for (const role of playbook.roles.values()) {
    const fault = role.schema === undefined ? undefined : checkSchema(role.schema.json, role.schema.place);
    if (fault === undefined) continue;
    wrong.add(role.name);
    findings.add(fault);
  }
  const done = new Set<string>();
  for (const play of playbook.plays) {
    const calls = [...play.roles, ...(extra.get(play) ?? [])].filter((call) => !wrong.has(call.role.name));
    for (const host of calls.length === 0 ? [] : hostsOf(play.hosts)) {
      for (const call of calls) {
        done.add(`${host}\0${call.role.name}`);
        checkHost(variables, host, play, call.role, call, findings);
      }
    }
  }
  for (const host of inventory.hosts.keys()) {
    const given = new Set(inventory.layers(host).flatMap((layer) => [...layer.entries.keys()]));
    for (const name of given) {
      const role = library.has(name) && !wrong.has(name) ? library.get(name) : undefined;
      if (role !== undefined && !done.has(`${host}\0${name}`))
        checkHost(variables, host, undefined, role, undefined, findings);
    }
  }
}

/** Parameters of one role on one host; `call` where the role runs. */
function checkHost(
  variables: Variables,
  host: string,
  play: Play | undefined,
  role: Role,
  call: RoleCall | undefined,
  findings: Findings,
): void {
  const { schema } = role;
  const { inventory } = variables.options;
  const scope = variables.scope({ host, play, step: { role, vars: call?.with === undefined ? [] : [call.with] } });
  const node = scope.node(role.name);
  if (node === undefined) return;
  if (schema === undefined) {
    if (node.kind === "map" && node.entries.size > 0) findings.add(noParameters(role, node), host);
    return;
  }
  checkSecrets(node, schema, role.name, findings, host);
  const names = { hosts: new Set([...inventory.hosts.keys(), "localhost"]), groups: new Set(inventory.groups.keys()) };
  findings.attempt(() => {
    const faults = validateValue(schema.json, scope.get(role.name) ?? null, { name: role.name, node, names });
    for (const fault of faults) {
      if (call === undefined && fault.code === "schema-missing-key") continue;
      findings.add(
        fault.details.place?.file === role.metaFile && call !== undefined ? calledAt(fault, call) : fault,
        host,
      );
    }
  }, host);
}

/** A key that nobody wrote has no place of its own: the call of the role has. */
function calledAt(fault: Fault, call: RoleCall): Fault {
  const { layer: _layer, ...details } = fault.details;
  return new Fault(fault.code, fault.message, { ...details, place: call.place });
}

function noParameters(role: Role, node: Node): Fault {
  return new Fault("unknown-key", `role ${role.name} has no parameters`, {
    place: node.place,
    hint: `declare them under \`parameters\` of ${role.metaFile}`,
    ...(node.origin.layer === undefined ? {} : { layer: node.origin.layer }),
  });
}

/** Secret parameters that stand in a file as plain text. Computed ones, and text made from other names, are taken. */
function checkSecrets(node: Node, schema: Schema, path: string, findings: Findings, host: string): void {
  if (schema.secret && literalText(node) !== undefined && literalText(node) !== "") {
    // The place is in the message and not beside it: the line of the file would be shown, and the secret with it.
    const { file, line, column } = node.place;
    const layer = node.origin.layer === undefined ? {} : { layer: node.origin.layer };
    findings.add(
      new Fault("plain-secret", `${path} is a secret, and stands in ${file}:${line}:${column} as plain text`, {
        ...layer,
        hint: 'take it from the environment, `!expr env("NAME")`, or from a file outside the project, `!expr file("/PATH").trim()`',
      }),
      host,
    );
    return;
  }
  if (node.kind === "map") {
    for (const { key, value } of node.entries.values()) {
      const below = schemaOf(schema, key);
      if (below !== undefined) checkSecrets(value, below, `${path}.${key}`, findings, host);
    }
  } else if (node.kind === "list" && schema.items !== undefined) {
    for (const item of node.items) checkSecrets(item, schema.items, `${path}[]`, findings, host);
  }
}
