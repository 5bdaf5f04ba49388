import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type EmbeddedHost, startEmbedded } from "../../src/transport/embedded.ts";
import { runPlaybook } from "../support/run-playbook.ts";
import { scratchFolders } from "./scratch.ts";

/** Texts that would do harm if any shell ever read them as its own. `$PWNED` is a file that must not come to be. */
const HOSTILE = [
  "'",
  '"',
  "$(touch $PWNED)",
  "`touch $PWNED`",
  "; touch $PWNED;",
  "&& touch $PWNED",
  "| touch $PWNED",
  "-rf",
  "--help",
  "*",
  "?[a-z]",
  "~",
  "~root",
  "ü ö 漢",
  "a\\b\\",
  "a b",
  "$HOME",
  "!!",
  "#x",
  "%s%n",
  "=x",
  "{a,b}",
  "\\",
  "'$(touch $PWNED)'",
  '"$(touch $PWNED)"',
  "'; touch $PWNED; '",
];

describe("run/values are data", function () {
  this.timeout(120_000);
  const scratch = scratchFolders();
  const shells = ["/bin/dash", "/bin/bash", "/usr/bin/mksh", "/bin/mksh", "/usr/bin/ksh"].filter((shell) =>
    existsSync(shell),
  );

  for (const shell of shells) {
    it(`under ${shell}: paths, contents, lines, words, environment, items`, async () => {
      const folder = scratch();
      let server: EmbeddedHost | undefined;
      try {
        server = await startEmbedded({ shell });
        const pwned = join(folder, "pwned");
        const texts = HOSTILE.map((text) => text.replaceAll("$PWNED", pwned));
        const names = texts.map((text) => text.replaceAll("/", "_"));
        mkdirSync(join(folder, "tree"));
        writeFileSync(join(folder, "vars.json"), JSON.stringify({ names, texts, tree: join(folder, "tree") }));
        const tasks = [
          { name: "content", copy: { dest: "{{tree}}/{{item}}", content: "{{item}}" }, loop: "{{names}}" },
          { name: "mode", file: { path: "{{tree}}/{{item}}", mode: "0600" }, loop: "{{names}}" },
          { name: "folder", file: { path: "{{tree}}/d {{item}}", state: "directory" }, loop: "{{names}}" },
          {
            name: "link",
            file: { path: "{{tree}}/l {{item}}", src: "{{item}}", state: "link", force: true },
            loop: "{{names}}",
          },
          { name: "line", lineinfile: { path: "{{tree}}/lines", line: "{{item}}", create: true }, loop: "{{texts}}" },
          {
            name: "words",
            command: { argv: ["printf", "%s", "{{item}}"], always: true },
            loop: "{{texts}}",
            register: "words",
          },
          {
            name: "environment",
            shell: { cmd: 'printf %s "$VALUE"', unless: 'test "$VALUE" = never', always: true },
            environment: { VALUE: "{{item}}" },
            loop: "{{texts}}",
            register: "env",
          },
          { name: "condition", command: { cmd: "true", creates: "{{tree}}/{{item}}" }, loop: "{{names}}" },
          { name: "stat", stat: { path: "{{tree}}/{{item}}" }, loop: "{{names}}", register: "stats" },
          {
            name: "input",
            command: { cmd: "cat", stdin: "{{item}}", stdin_add_newline: false, always: true },
            loop: "{{texts}}",
            register: "input",
          },
          {
            name: "same",
            assert: {
              that: "words.results.all(r, r.stdout == r.item) && env.results.all(r, r.stdout == r.item) && input.results.all(r, r.stdout == r.item) && stats.results.all(r, r.stat.exists)",
            },
          },
        ];
        const host = "h1";
        const outcome = await runPlaybook({
          folder,
          files: {
            "inventory.yml": JSON.stringify({
              all: {
                hosts: {
                  [host]: {
                    ansible_host: server.host,
                    ansible_port: server.port,
                    ansible_user: "user",
                    ansible_ssh_private_key_file: server.keyFile,
                  },
                },
              },
            }),
            "playbook.yml": JSON.stringify([{ hosts: "all", vars_files: ["vars.json"], tasks }]),
          },
          hostKeyChecking: "off",
        });
        const failed = outcome.steps
          .filter((step) => step.status === "failed" || step.status === "unknown")
          .map((step) => `${step.step} ${String(step.item ?? "")}: ${step.error?.message ?? step.why ?? ""}`);
        assert.deepEqual(failed, [], JSON.stringify(outcome.events.filter((event) => event.event === "unreachable")));
        assert.equal(existsSync(pwned), false);
        for (const name of names) assert.equal(readFileSync(join(folder, "tree", name), "utf8"), name);
        assert.deepEqual(
          readFileSync(join(folder, "tree/lines"), "utf8").split("\n").slice(0, -1).sort(),
          [...new Set(texts)].sort(),
        );
        assert.equal(readdirSync(join(folder, "tree")).length, names.length * 3 + 1);
      } finally {
        await server?.close();
        if (server !== undefined) rmSync(server.root, { recursive: true, force: true });
      }
    });
  }
});
