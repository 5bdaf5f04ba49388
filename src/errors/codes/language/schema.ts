import type { CodePage } from "../code-page.ts";

/** Codes of values that do not fit the schema they are declared with. */
export const schemaCodes = {
  "schema-unknown-key": {
    title: "A parameter that does not exist",
    page: `The role (or the thing that is described) has no parameter of this name, so the value would have no effect. The hint
names the nearest one; \`provision doc role NAME\` lists them all.

    k3s: {sever: true}      # wrong: nothing reads "sever"`,
  },
  "schema-missing-key": {
    title: "A required parameter is missing",
    page: `The role cannot work without this parameter, and it has no default. Give it in the inventory, for the group or the host
that runs the role, or at the role's call with \`with:\`.`,
  },
  "schema-type": {
    title: "A value of the wrong type",
    page: `The parameter is declared with another type. Nothing is converted silently, because YAML has surprises:

    version: 1.30      # the number 1.3: write "1.30"
    mode: 0644         # the number 644: write "0644"
    enabled: yes       # the text "yes": write true

Quote what is a text; write true and false for booleans; a list needs brackets or dashes even for one item.`,
  },
  "schema-value": {
    title: "A value outside of what is allowed",
    page: `The type is right, but the value is not one of those that are allowed, is too small, too large, too short, too long, or does
not match the required pattern. The message says which.`,
  },
  "schema-format": {
    title: "A text of the wrong form",
    page: `The parameter is declared with a form that this text does not have:

* \`host\`: the name of a host of the inventory; \`group\`: of a group
* \`ip\`: an address such as 192.168.1.1 or fd00::1; \`cidr\`: a network such as 10.42.0.0/16
* \`mode\`: a quoted octal mode such as "0644", or a symbolic one such as u=rw,g=r
* \`duration\`: seconds, or numbers with units such as 90s, 5m, 1h30m, 500ms`,
  },
  "schema-invalid": {
    title: "A schema that is not valid",
    page: `The \`parameters\` of a role are a JSON Schema (draft 2020-12), and this one is not valid: a keyword is misspelt, stands in the
wrong place or has a value of the wrong type.

    parameters:
      port: {type: integer, default: 6443, minimum: 1}
      server: {type: string, format: host, description: "…"}

Besides the keywords of JSON Schema there is \`secret: true\`, and the formats \`host group cidr ip mode duration\`.`,
  },
} satisfies Record<string, CodePage>;
