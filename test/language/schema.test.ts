import assert from "node:assert/strict";
import { Secret } from "../../src/base/secret.ts";
import { Unknown, type Value } from "../../src/base/value.ts";
import { checkNames, LEAF, type NameMap, OPEN, schemaNames } from "../../src/language/check-names.ts";
import { namesOf } from "../../src/language/evaluate.ts";
import { isCidr, isMode } from "../../src/language/formats.ts";
import { checkSchema, validateNode, validateValue } from "../../src/language/schema.ts";
import { PLACE, read, where } from "./helper.ts";

const schema = {
  type: "object",
  additionalProperties: false,
  required: ["role"],
  properties: {
    role: { enum: ["server", "agent"] },
    port: { type: "integer", minimum: 1, maximum: 65535 },
    version: { type: "string" },
    on: { type: "boolean" },
    server: { type: "string", format: "host" },
    member: { type: "string", format: "group" },
    net: { type: "string", format: "cidr" },
    address: { type: "string", format: "ip" },
    mode: { type: "string", format: "mode" },
    wait: { type: "string", format: "duration" },
    disable: { type: "array", items: { type: "string" }, uniqueItems: true },
    token: { type: "string", minLength: 8, secret: true },
    exports: {
      type: "object",
      additionalProperties: { type: "object", additionalProperties: false, properties: { path: { type: "string" } } },
    },
  },
};
const names = { hosts: new Set(["pi-1", "pi-2"]), groups: new Set(["web"]) };

const check = (text: string): string[] =>
  validateNode(schema, read(text), { name: "k3s", names }).map(
    (fault) => `${where(fault)} ${fault.message}${fault.details.hint === undefined ? "" : ` | ${fault.details.hint}`}`,
  );

describe("schema", () => {
  const cases: [string, string[]][] = [
    ["role: server\nport: 6443\nversion: '1.30'\non: true\ndisable: [a, b]\nexports: {/srv: {path: /x}}", []],
    ["port: 1", ["schema-missing-key 1:1+1 k3s.role is missing | it is required and has no default"]],
    ["role: sever", ['schema-value 1:7+5 k3s.role must be one of "server", "agent" | did you mean "server"?']],
    ["role: server\nprot: 1", ['schema-unknown-key 2:1+4 unknown key "prot" of k3s | did you mean "port"?']],
    [
      "role: server\nversion: 1.30",
      ['schema-type 2:10+4 k3s.version must be a text, not the number 1.30 | quote it: "1.30"'],
    ],
    [
      "role: server\nversion: 0644",
      ['schema-type 2:10+4 k3s.version must be a text, not the number 0644 | quote it: "0644"'],
    ],
    ["role: server\non: yes", ["schema-type 2:5+3 k3s.on must be true or false, not the text yes | write true"]],
    [
      "role: server\nport: '80'",
      ["schema-type 2:7+4 k3s.port must be a whole number, not the text '80' | write it without quotes"],
    ],
    ["role: server\nport: 0", ["schema-value 2:7+1 k3s.port must be 1 or more"]],
    [
      "role: server\ndisable: x",
      ["schema-type 2:10+1 k3s.disable must be a list, not the text x | put it in brackets: [ ]"],
    ],
    [
      "role: server\ndisable: [a, 1]",
      ['schema-type 2:14+1 k3s.disable["1"] must be a text, not the number 1 | quote it: "1"'],
    ],
    ["role: server\ndisable: [a, a]", ["schema-value 2:10+1 k3s.disable must not hold the same item twice"]],
    [
      "role: server\nexports:\n  /srv: {pth: x}",
      ['schema-unknown-key 3:10+3 unknown key "pth" of k3s.exports["/srv"] | did you mean "path"?'],
    ],
    [
      "role: server\nserver: pi-3",
      ['schema-format 2:9+4 k3s.server, "pi-3", is no host of the inventory | did you mean "pi-1"?'],
    ],
    [
      "role: server\nmember: webb",
      ['schema-format 2:9+4 k3s.member, "webb", is no group of the inventory | did you mean "web"?'],
    ],
    [
      "role: server\nnet: 10.0.0.0",
      [
        'schema-format 2:6+8 k3s.net, "10.0.0.0", is no network | an address and the length of its prefix: 10.42.0.0/16',
      ],
    ],
    [
      "role: server\naddress: 10.0.0.256",
      ['schema-format 2:10+10 k3s.address, "10.0.0.256", is no IP address | for example 192.168.1.1 or fd00::1'],
    ],
    [
      "role: server\nmode: rw",
      ['schema-format 2:7+2 k3s.mode, "rw", is no mode | quoted octal ("0644") or symbolic ("u=rw,go=r")'],
    ],
    [
      "role: server\nwait: soon",
      ['schema-format 2:7+4 k3s.wait, "soon", is no duration | seconds, or numbers with units: 90s, 5m, 1h30m'],
    ],
    ["role: server\ntoken: short", ["schema-value 2:8+5 k3s.token must have at least 8 characters"]],
    ["role: '{{x}}'\nport: !expr n\ndisable: ['{{x}}', '{{x}}']\non: '{{x}}'", []],
    ["- 1", ["schema-type 1:1+1 k3s must be a map, not a list"]],
    [
      "__proto__: 1\nrole: agent",
      [
        'schema-unknown-key 1:1+9 unknown key "__proto__" of k3s | it has role, port, version, on, server, member, net, address, mode, wait, disable, token, exports',
      ],
    ],
  ];
  for (const [source, expected] of cases)
    it(source.replaceAll("\n", "⏎"), () => assert.deepEqual(check(source), expected));

  it("reports everything at once", () => assert.equal(check("port: x\nvers: 1\non: 5").length, 4));
  it("validates values with the places of their nodes, passing over unknowns", () => {
    const value = { role: "server", port: 70_000 } as { [key: string]: Value };
    Object.defineProperty(value, "version", {
      enumerable: true,
      get: () => {
        throw new Unknown("later");
      },
    });
    const faults = validateValue(schema, value, {
      name: "k3s",
      node: read("role: server\nport: !expr 7 * 10000\nversion: '{{x}}'"),
    });
    assert.deepEqual(faults.map(where), ["schema-value 2:7+5"]);
  });
  it("never shows a secret", () => {
    const faults = validateValue(
      schema,
      { role: "server", token: new Secret("pw"), version: new Secret("x"), server: new Secret("nohost") },
      { name: "k3s", place: PLACE, names },
    );
    assert.equal(faults.length, 2);
    assert.ok(!faults.some((fault) => /pw|nohost/.test(fault.message)), faults.map((fault) => fault.message).join());
  });
  it("says what is wrong with a schema", () => {
    assert.equal(checkSchema(schema, PLACE), undefined);
    assert.match(checkSchema({ type: "objet" }, PLACE)?.message ?? "", /type/);
    assert.match(checkSchema({ propertys: {} }, PLACE)?.message ?? "", /propertys/);
    assert.match(checkSchema({ type: "string", format: "hots" }, PLACE)?.message ?? "", /hots/);
  });
  it("formats", () => {
    for (const good of ["10.0.0.0/8", "fd00::/64", "0.0.0.0/0"]) assert.ok(isCidr(good), good);
    for (const bad of ["10.0.0.0/33", "10.0.0/8", "10.0.0.0/08", "fe80::1%eth0/64", "/8", "10.0.0.0/8/8"])
      assert.ok(!isCidr(bad), bad);
    for (const good of ["0644", "755", "1777", "u=rw,g=r,o=", "a+x", "u+rwX,go-w", "+x", "g=u"])
      assert.ok(isMode(good), good);
    for (const bad of ["", "rw", "0888", "64", "u=rw g=r", "u=z"]) assert.ok(!isMode(bad), bad);
  });
});

describe("check of names", () => {
  const k3s = schemaNames({
    ...schema,
    properties: { ...schema.properties, data: { type: "string", default: "/var" } },
  });
  const host: NameMap = {
    kind: "map",
    closed: true,
    keys: new Map([
      ["k3s", { tree: k3s }],
      ["name", { tree: LEAF }],
    ]),
  };
  const known: NameMap = {
    kind: "map",
    closed: true,
    keys: new Map([
      ["k3s", { tree: k3s }],
      ["facts", { tree: OPEN }],
      ["host", { tree: host }],
      ["hosts", { tree: { kind: "map", closed: true, keys: new Map([["pi-1", { tree: host }]]), rest: host } }],
      ["servers", { tree: { kind: "list", items: host } }],
      ["item", { tree: OPEN, refused: "there is no loop here" }],
    ]),
  };
  const faults = (source: string, guards: string[] = []): string[] =>
    checkNames(namesOf(read(`x: ${source}`)), known, { guards }).map((fault) => `${where(fault)} ${fault.message}`);
  const cases: [string, string[]][] = [
    ["!expr k3s.role + facts.any.thing", []],
    ["!expr k3s.data", []],
    ["!expr k3s.rolle", ['undefined-key 1:10+9 k3s has no key "rolle"']],
    ["!expr k8s.role", ["undefined-name 1:10+8 there is no name k8s"]],
    ["!expr k3s.token", ["optional-unguarded 1:10+9 k3s.token is optional and may be missing"]],
    ["!expr has(k3s.token) && k3s.token == ''", []],
    ["!expr has(k3s.tokn)", ['undefined-key 1:14+8 k3s has no key "tokn"']],
    ["'{{#if k3s.token}}{{k3s.token}}{{/if}}'", []],
    ["'{{k3s.token}}'", ["optional-unguarded 1:7+9 k3s.token is optional and may be missing"]],
    ["!expr hosts['pi-2'].name", ['undefined-key 1:10+18 hosts has no key "pi-2"']],
    ["!expr hosts['pi-1'].k3s.rol", ['undefined-key 1:10+21 hosts["pi-1"].k3s has no key "rol"']],
    ["!expr hosts[host.name].k3s.rol", ['undefined-key 1:10+24 hosts[…].k3s has no key "rol"']],
    ["!expr servers[0].name", []],
    ["!expr servers.name", ['undefined-key 1:10+12 servers is a list and has no key "name"']],
    ["!expr host.name.x", ['undefined-key 1:10+11 host.name is a single value and has no key "x"']],
    ["'{{item}}'", ["undefined-name 1:7+4 item cannot be used here"]],
    ["!expr facts.x.map(i, i.y)", []],
  ];
  for (const [source, expected] of cases) it(source, () => assert.deepEqual(faults(source), expected));
  it("takes what a condition asked for", () => assert.deepEqual(faults("!expr k3s.token", ["k3s.token"]), []));
});
