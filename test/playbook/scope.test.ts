import assert from "node:assert/strict";
import { Secret } from "../../src/base/secret.ts";
import type { Fault } from "../../src/errors/fault.ts";
import { compileExpression } from "../../src/language/expression.ts";
import type { Step } from "../../src/playbook/tree.ts";
import { type Declared, withProject } from "./fixture.ts";

const expr = (
  { variables, playbook }: Declared,
  host: string,
  source: string,
  locals?: Record<string, string>,
): unknown =>
  compileExpression(source, { file: "test", line: 1, column: 1 }).evaluate(
    variables.scope({ host, play: playbook.plays[0], locals }),
  );

const faultOf = (work: () => unknown): Fault => {
  try {
    work();
  } catch (error) {
    return error as Fault;
  }
  throw new Error("nothing was thrown");
};

const WEB_META = `
summary: A web server.
parameters:
  properties:
    port: {type: integer, default: 80}
    name: {type: string, default: "{{host.name}}.example.net"}
    token: {type: string, secret: true}
    sites:
      type: object
      default: {}
      additionalProperties:
        type: object
        properties:
          root: {type: string, default: /srv/www}
          tls: {type: boolean, default: false}
`;

describe("names of a host", () => {
  it("folds role defaults, groups, host and play", async () => {
    await withProject(
      {
        "roles/web/meta/main.yml": WEB_META,
        "inventory.yml": `
all:
  vars: {site: {domain: example.org, ttl: 60}}
  children:
    web:
      vars: {site: {ttl: 30}, web: {port: 8080, sites: {a: {}, b: {tls: true, root: null}}}}
      hosts: {h1: {site: {domain: null, own: 1}}, h2: {}}
`,
        "play.yml": `
- hosts: web
  vars: {site: {play: true}}
  roles: [web]
`,
      },
      (declared) => {
        assert.deepEqual(expr(declared, "h1", "toJson(site)"), '{"ttl":30,"own":1,"play":true}');
        assert.deepEqual(
          expr(declared, "h2", "toJson(web)"),
          '{"port":8080,"name":"h2.example.net","sites":{"a":{"root":"/srv/www","tls":false},"b":{"tls":true}}}',
        );
        assert.equal(expr(declared, "h1", 'hosts["h2"].web.name'), "h2.example.net");
        assert.deepEqual(expr(declared, "h1", "roles.web + groups.web"), ["h1", "h2", "h1", "h2"]);
        assert.equal(expr(declared, "h1", "host.name + host.groups[0]"), "h1web");
        assert.equal(expr(declared, "h1", "item", { item: "x" }), "x");
      },
    );
  });

  it("puts the layers of a step and its role call over those of the play, and loop variables into task variables", async () => {
    await withProject(
      {
        "roles/web/meta/main.yml": WEB_META,
        "roles/web/tasks/main.yml": `
- debug: x
- vars: {path: "/etc/{{item}}", web: {port: 83}}
  debug: x
`,
        "inventory.yml": "{all: {hosts: {h1: {url: 'http://{{web.port}}'}}}}",
        "play.yml": "[{hosts: all, vars: {web: {port: 81}}, roles: [{role: web, with: {port: 82}}]}]",
      },
      ({ variables, playbook }) => {
        const play = playbook.plays[0];
        const [first, second] = (play?.sections[1]?.tasks ?? []) as Step[];
        const value = (step: Step | undefined, source: string, locals?: Record<string, string>): unknown =>
          compileExpression(source, { file: "test", line: 1, column: 1 }).evaluate(
            variables.scope({ host: "h1", play, step, locals }),
          );
        assert.equal(value(undefined, "url"), "http://81");
        assert.equal(value(first, "url"), "http://82");
        assert.equal(value(second, "url"), "http://83");
        assert.equal(value(undefined, "url"), "http://81");
        assert.equal(value(second, "path", { item: "a" }), "/etc/a");
        assert.equal(value(second, "path", { item: "b" }), "/etc/b");
        assert.equal(
          variables.scope({ host: "h1", play, step: first }),
          variables.scope({ host: "h1", play, step: first }),
        );
      },
    );
  });

  it("makes secret parameters Secrets", async () => {
    process.env.PLAYBOOK_TEST = "hush";
    await withProject(
      {
        "roles/web/meta/main.yml": WEB_META,
        "inventory.yml": "{all: {hosts: {h1: {web: {token: !expr 'env(\"PLAYBOOK_TEST\")'}, copy: 'x{{web.token}}'}}}}",
      },
      (declared) => {
        assert.ok(expr(declared, "h1", "web.token") instanceof Secret);
        assert.ok(expr(declared, "h1", "copy") instanceof Secret);
        assert.equal((expr(declared, "h1", 'hosts["h1"].web.token') as Secret).reveal(), "hush");
      },
    );
  });

  it("says the way round of a cycle", async () => {
    await withProject(
      {
        "inventory.yml":
          "all:\n  hosts:\n    h1: {a: '{{b.x}}', b: {x: !expr 'c', y: 1}, c: '{{a}}', d: !expr 'hosts[\"h2\"].e'}\n    h2: {e: !expr 'hosts[\"h1\"].d'}\n",
      },
      (declared) => {
        const fault = faultOf(() => expr(declared, "h1", "a"));
        assert.equal(fault.code, "variable-cycle");
        assert.match(fault.message, /a → b\.x → c → a/);
        assert.equal(expr(declared, "h1", "b.y"), 1);
        assert.match(
          faultOf(() => expr(declared, "h1", "d")).message,
          /hosts\["h1"\]\.d → hosts\["h2"\]\.e → hosts\["h1"\]\.d/,
        );
      },
    );
  });

  it("chooses the platform's names by distribution, then family", async () => {
    const tasks = "- debug: x\n";
    await withProject(
      {
        "roles/web/platforms/debian.yml": "{package: nginx, conf: '/etc/{{host.name}}'}",
        "roles/web/platforms/alpine.yml": "{package: nginx-alpine, conf: ''}",
        "roles/web/tasks/main.yml": tasks,
        "inventory.yml": "{all: {hosts: {h1: {}, h2: {}, h3: {}}}}",
        "play.yml": "[{hosts: all, roles: [web]}]",
      },
      ({ variables, playbook }) => {
        const play = playbook.plays[0];
        const step = play?.sections[1]?.tasks[0];
        const value = (host: string): unknown =>
          compileExpression("platform.package + platform.conf", { file: "test", line: 1, column: 1 }).evaluate(
            variables.scope({ host, play, step }),
          );
        assert.equal(value("h1"), "nginx/etc/h1");
        assert.equal(value("h2"), "nginx-alpine");
        assert.equal(faultOf(() => value("h3")).code, "no-platform");
      },
      {
        h1: { os: { distribution: "ubuntu", family: "debian" } },
        h2: { os: { distribution: "alpine", family: "alpine" } },
        h3: { os: { distribution: "openbsd", family: "openbsd" } },
      },
    );
  });

  it("lets registered results and set facts stand over variables, and -e over these", async () => {
    await withProject({ "inventory.yml": "{all: {hosts: {h1: {a: 1, b: '{{a}}'}}}}" }, ({ variables }) => {
      const value = (registered: Record<string, number>): unknown =>
        compileExpression("b", { file: "test", line: 1, column: 1 }).evaluate(
          variables.scope({ host: "h1", play: undefined, runtime: { registered, facts: {}, included: [] } }),
        );
      assert.equal(value({}), 1);
      assert.equal(value({ a: 2 }), 2);
      assert.equal(value({ a: 3 }), 3);
      assert.equal(value({}), 1);
    });
  });
});
