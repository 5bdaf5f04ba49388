import { conditionOf, evaluate } from "../../src/language/evaluate.ts";
import { checkNames, LEAF, schemaNames } from "../../src/language/check-names.ts";
import { decodeUtf8 } from "../../src/language/decode.ts";
import { literalValue } from "../../src/language/convert.ts";
import { namesOf } from "../../src/language/evaluate.ts";
import { mergeNodes } from "../../src/language/merge.ts";
import { checkSchema, validateNode } from "../../src/language/schema.ts";
import { objectScope } from "../../src/language/scope.ts";
import { parseYaml } from "../../src/language/yaml.ts";
import { codes } from "../../src/errors/codes.ts";
import { languageCodes } from "../../src/errors/codes/language.ts";
import assert from "node:assert/strict";
import { type GoldenCase, goldenTests } from "./golden.ts";

const scope = objectScope({
  site: { domain: "example.net" },
  servers: ["pi-1", "pi-2"],
  k3s: { port: 6443, role: "server" },
  hosts: { "pi-1": { addresses: { lan: "192.168.1.11" } } },
});

const parameters = {
  type: "object",
  additionalProperties: false,
  required: ["server"],
  properties: {
    server: { type: "string", format: "host" },
    port: { type: "integer", minimum: 1, maximum: 65535 },
    token: { type: "string" },
    version: { type: "string" },
  },
};

/** Reads a YAML text. */
const yaml = (text: string): GoldenCase => ({
  files: { "site.yml": text },
  run: ({ "site.yml": source = "" }) => parseYaml(source, { file: "site.yml" }),
});

/** Reads and evaluates a YAML text. */
const value = (text: string): GoldenCase => ({
  files: { "site.yml": text },
  run: ({ "site.yml": source = "" }) => evaluate(parseYaml(source, { file: "site.yml", layer: "group web" }), scope),
});

/** Validates a YAML text against the parameters of a role. */
const valid = (text: string): GoldenCase => ({
  files: { "site.yml": text },
  run: ({ "site.yml": source = "" }) =>
    validateNode(parameters, parseYaml(source, { file: "site.yml", layer: "host pi-1" }), {
      name: "k3s",
      names: { hosts: new Set(["pi-1", "pi-2"]) },
    }),
});

const cases: { [C in keyof typeof languageCodes]: GoldenCase } = {
  "yaml-syntax": yaml("motd: Note: read this\nport: 80\n"),
  "yaml-encoding": {
    files: { "site.yml": "name: gr\u00fcn\n" },
    run: () => decodeUtf8(Buffer.from("name: gr\u00fcn\n", "latin1"), "site.yml"),
  },
  "yaml-documents": yaml("a: 1\n---\nb: 2\n"),
  "yaml-limit": yaml(
    `a: &a0 [x, x, x, x, x, x, x, x, x, x]\n${[1, 2, 3, 4, 5, 6]
      .map(
        (n) =>
          `a${n}: &a${n} [${Array(10)
            .fill(`*a${n - 1}`)
            .join(", ")}]\n`,
      )
      .join("")}`,
  ),
  "yaml-alias": yaml("include: *.conf\n"),
  "yaml-vault": yaml("token: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  6162\n"),
  "yaml-number": yaml("account: 12345678901234567890\n"),
  "yaml-duplicate-key": yaml("vars:\n  port: 80\n  path: /\n  port: 8080\n"),
  "yaml-braces": yaml("vars:\n  path: {{ home }}/bin\n"),
  "yaml-key": yaml("? [a, b]\n: 1\n"),
  "yaml-merge-key": yaml("base: &base {a: 1}\nweb:\n  <<: *base\n"),
  "yaml-tag-value": yaml("packages: !append htop\n"),
  "yaml-unknown-tag": yaml("- name: swap off\n  when: !facts.container\n"),
  "append-no-list": {
    files: { "all.yml": "packages: htop\n", "web.yml": "packages: !append [nginx]\n" },
    run: (files) => mergeNodes(Object.entries(files).map(([file, text]) => parseYaml(text, { file }))),
  },
  "expression-syntax": value("x: !expr servers and site\n"),
  "expression-call": value('x: !expr site.domain.split(".", 1, 2)\n'),
  "expression-type": {
    files: { "site.yml": "when: site.domain && k3s.port == 1\n" },
    run: ({ "site.yml": text = "" }) => condition(text),
  },
  "expression-value": value("x: !expr 'k3s.port + \" is open\"'\n"),
  "expression-limit": value("x: !expr lists.range(5000).map(a, lists.range(5000).filter(b, b == a))\n"),
  "expression-not-here": {
    files: { "site.yml": "hosts: !expr groups.web\n" },
    run: ({ "site.yml": text = "" }) => literalValue(parseYaml(text, { file: "site.yml" })),
  },
  "unknown-function": value("x: !expr site.domain.lower()\n"),
  "undefined-name": value('url: "https://{{ sit.domain }}/"\n'),
  "undefined-key": value('x: !expr >-\n  k3s.role ==\n  "server" ? k3s.prot\n  : 0\n'),
  "optional-unguarded": {
    files: { "config.yml": 'token: "{{ k3s.token }}"\n' },
    run: ({ "config.yml": text = "" }) =>
      checkNames(namesOf(parseYaml(text, { file: "config.yml" })), {
        kind: "map",
        closed: true,
        keys: new Map([
          ["k3s", { tree: schemaNames(parameters) }],
          ["item", { tree: LEAF }],
        ]),
      }),
  },
  "text-syntax": value('x: "{{#if site}}yes"\n'),
  "text-jinja": value("x: \"{{ site.domain | default('local') }}\"\n"),
  "text-context": value('x: "{{#each servers}}{{this}}{{/each}}"\n'),
  "text-print": value('x: "servers: {{ servers }}"\n'),
  "text-helper": value('x: "{{join servers sep=1}}"\n'),
  "schema-unknown-key": valid("server: pi-1\nprot: 6443\n"),
  "schema-missing-key": valid("port: 6443\n"),
  "schema-type": valid("server: pi-1\nversion: 1.30\n"),
  "schema-value": valid("server: pi-1\nport: 70000\n"),
  "schema-format": valid("server: pi-3\n"),
  "schema-invalid": {
    files: { "meta/main.yml": "parameters: {type: object, propertys: {}}\n" },
    run: () => checkSchema({ type: "object", propertys: {} }, { file: "meta/main.yml", line: 1, column: 13 }),
  },
};

function condition(text: string): unknown {
  const map = parseYaml(text, { file: "site.yml" });
  const node = map.kind === "map" ? map.entries.get("when")?.value : undefined;
  assert.ok(node !== undefined);
  return conditionOf(node).evaluate(scope);
}

describe("errors of the language", () => {
  goldenTests(cases);
  it("covers every code of the language", () => {
    assert.deepEqual(
      Object.keys(languageCodes).filter((code) => !(code in cases)),
      [],
    );
    assert.ok(Object.keys(languageCodes).every((code) => code in codes));
  });
});
