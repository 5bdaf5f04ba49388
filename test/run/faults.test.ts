import { skipLoudly } from "../support/need.ts";
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type EmbeddedHost, startEmbedded } from "../../src/transport/embedded.ts";

interface Told {
  code: number;
  out: string;
  err: string;
  steps: { host: string; step: string; status: string; error: { message: string; hint?: string } | null }[];
  hosts: Record<string, Record<string, number>>;
  seconds: number;
}

const cli = resolve(import.meta.dirname, "../../src/cli/provision.ts");

/** The command itself, in a process of its own, with an empty home. */
async function provision(
  folder: string,
  inventory: unknown,
  tasks: unknown[],
  more: { args?: string[]; env?: NodeJS.ProcessEnv; during?: () => void } = {},
): Promise<Told> {
  writeFileSync(join(folder, "inventory.yml"), JSON.stringify(inventory));
  writeFileSync(join(folder, "play.yml"), JSON.stringify([{ hosts: "all", tasks }]));
  const began = Date.now();
  const args = [
    "--import",
    "tsx",
    cli,
    "apply",
    join(folder, "inventory.yml"),
    "-p",
    join(folder, "play.yml"),
    "--output",
    "json",
    ...(more.args ?? []),
  ];
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env.PATH, HOME: folder, ...more.env },
    cwd: resolve(import.meta.dirname, "../.."),
  });
  let out = "";
  let err = "";
  child.stdout.on("data", (bytes: Buffer) => {
    out += bytes.toString();
    if (out.includes("\n")) more.during?.();
  });
  child.stderr.on("data", (bytes: Buffer) => (err += bytes.toString()));
  const code = await new Promise<number>((done) => child.on("close", (status) => done(status ?? -1)));
  const lines = out
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  const summary = lines.find((line) => line.event === "summary");
  return {
    code,
    out,
    err,
    steps: lines.filter((line) => line.event === "step") as never,
    hosts: (summary?.hosts ?? {}) as never,
    seconds: (Date.now() - began) / 1000,
  };
}

/** A host fails, with a reason and no stack trace; its neighbour goes on. */
function assertOut(told: Told, host: string, code: number, reason: RegExp): void {
  assert.equal(told.code, code, `${told.out}\n${told.err}`);
  assert.match(told.out + told.err, reason);
  assert.doesNotMatch(told.out + told.err, /^\s+at .*\.ts:\d+/m, "no stack trace");
  const counts = told.hosts[host];
  assert.ok((counts?.failed ?? 0) + (counts?.unreachable ?? 0) > 0, told.out);
  const good = told.hosts.good;
  if (good !== undefined) assert.equal(good.changed, 1, told.out);
}

describe("run/faults", function () {
  this.timeout(60_000);
  let embedded: EmbeddedHost;
  let folder: string;
  const made: string[] = [];

  before(async () => {
    embedded = await startEmbedded();
  });
  after(async () => {
    await embedded.close();
    rmSync(embedded.root, { recursive: true, force: true });
    for (const one of made) rmSync(one, { recursive: true, force: true });
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "provision-fault-"));
    made.push(folder);
  });

  const login = (user: string, more: Record<string, unknown> = {}) => ({
    ansible_host: "127.0.0.1",
    ansible_port: embedded.port,
    ansible_user: user,
    ansible_ssh_private_key_file: embedded.keyFile,
    ...more,
  });
  const fileOn = (path: string) => ({ name: "file", copy: { dest: path, content: "x" } });
  const both = (bad: Record<string, unknown>) => ({ all: { hosts: { bad, good: login(`good${made.length}`) } } });
  const goodFile = () => fileOn(`${folder}/{{host.name}}`);

  it("nothing listens", async () => {
    assertOut(
      await provision(folder, both(login("bad", { ansible_port: 1 })), [goodFile()]),
      "bad",
      4,
      /127\.0\.0\.1|port 1/,
    );
  });

  it("somebody listens and never answers", async () => {
    const server: Server = createServer(() => undefined);
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    try {
      const port = (server.address() as { port: number }).port;
      const told = await provision(folder, both(login("bad", { ansible_port: port })), [goodFile()], {
        args: ["--timeout", "3"],
      });
      assertOut(told, "bad", 4, /did not finish the login within 3 seconds/);
      assert.ok(told.seconds < 40, `${told.seconds} s`);
    } finally {
      server.close();
    }
  });

  it("the key is refused", async () => {
    const other = await startEmbedded();
    try {
      assertOut(
        await provision(folder, both(login("bad", { ansible_port: other.port })), [goodFile()]),
        "bad",
        4,
        /key/i,
      );
    } finally {
      await other.close();
      rmSync(other.root, { recursive: true, force: true });
    }
  });

  it("the host key has changed", async () => {
    mkdirSync(join(folder, ".ssh"));
    writeFileSync(
      join(folder, ".ssh/known_hosts"),
      `[127.0.0.1]:${embedded.port} ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPvFeDmDYZZg0eHmh4J6ya1NAGBgQgqCpcA6vGq9nXVS\n`,
    );
    const told = await provision(
      folder,
      { all: { hosts: { bad: login("bad"), good: { ansible_connection: "local" } } } },
      [goodFile()],
    );
    assertOut(told, "bad", 4, /is not the host it was/);
  });

  it("the session ends in the middle of a step", async () => {
    const server = await startEmbedded();
    try {
      const bad = {
        ansible_host: "127.0.0.1",
        ansible_port: server.port,
        ansible_user: "bad",
        ansible_ssh_private_key_file: server.keyFile,
      };
      const tasks = [
        { name: "first", copy: { dest: `${folder}/first`, content: "x" }, when: "host.name == 'bad'" },
        {
          name: "long",
          command: { cmd: `sh -c 'touch ${folder}/running; sleep 20'`, always: true },
          when: "host.name == 'bad'",
        },
        goodFile(),
      ];
      const watch = setInterval(() => {
        if (existsSync(join(folder, "running"))) server.disconnect();
      }, 100);
      const told = await provision(folder, both(bad), tasks);
      clearInterval(watch);
      assertOut(told, "bad", 4, /lost/);
      assert.deepEqual(
        told.steps.filter((one) => one.host === "bad").map((one) => `${one.step}: ${one.status}`),
        ["first: changed", "long: failed"],
      );
      assert.match(
        told.steps.find((one) => one.step === "long" && one.host === "bad")?.error?.message ?? "",
        /may have run/,
        told.out,
      );
      assert.ok(told.seconds < 15, `${told.seconds} s`);
    } finally {
      await server.close();
      rmSync(server.root, { recursive: true, force: true });
    }
  });

  it("there is no shell", async () => {
    const server = await startEmbedded({ shell: "/no/such/shell" });
    try {
      const bad = {
        ansible_host: "127.0.0.1",
        ansible_port: server.port,
        ansible_user: "bad",
        ansible_ssh_private_key_file: server.keyFile,
      };
      assertOut(await provision(folder, both(bad), [goodFile()]), "bad", 4, /shell/);
    } finally {
      await server.close();
      rmSync(server.root, { recursive: true, force: true });
    }
  });

  it("the folder of the batches is a link, or belongs to somebody else", async () => {
    mkdirSync(join(embedded.home("bad2"), "elsewhere"));
    symlinkSync("elsewhere", join(embedded.home("bad2"), ".provision"));
    assertOut(await provision(folder, both(login("bad2")), [goodFile()]), "bad", 3, /somebody else|link/);
    assert.deepEqual(readdirSync(join(embedded.home("bad2"), "elsewhere")), []);
  });

  it("sudo refuses", async () => {
    const bin = join(folder, "bin");
    mkdirSync(bin);
    writeFileSync(join(bin, "sudo"), "#!/bin/sh\necho 'sudo: a password is required' >&2\nexit 1\n", { mode: 0o755 });
    const before = process.env.PATH;
    process.env.PATH = `${bin}:${before ?? ""}`;
    try {
      const told = await provision(folder, both(login("bad", { ansible_become: true })), [goodFile()]);
      assertOut(told, "bad", 3, /password/);
      assert.match(told.out + told.err, /NOPASSWD/);
    } finally {
      process.env.PATH = before;
    }
  });

  it("commands that flood, read their input, or leave a daemon behind", async () => {
    const tasks = [
      {
        name: "flood",
        shell: {
          cmd: "dd if=/dev/zero bs=1048576 count=200 2>/dev/null | tr '\\000' x; echo; echo last",
          always: true,
        },
        register: "r",
      },
      { name: "cut", debug: { msg: "{{r.stdout}}" }, when: "size(r.stdout) > 2000000" },
      { name: "reads", command: { cmd: "cat", always: true } },
      { name: "leaves", shell: { cmd: "sleep 30 & echo left", always: true } },
      { name: "ends", shell: { cmd: "exit 0", always: true } },
    ];
    const told = await provision(folder, { all: { hosts: { one: login("one") } } }, tasks);
    assert.equal(told.code, 0, told.out.slice(-2000) + told.err.slice(-2000));
    assert.deepEqual(
      told.steps.map((one) => one.status),
      ["changed", "skipped", "changed", "changed", "changed"],
    );
    assert.ok(told.seconds < 25, `${told.seconds} s`);
  });

  for (const [name, place] of [
    ["destination", "full"],
    ["spool", "spool"],
  ] as const) {
    it(`the disk of the ${name} is full`, async function () {
      if (process.getuid?.() !== 0) {
        skipLoudly(this, "to be root");
        return;
      }
      const { execFileSync } = await import("node:child_process");
      const mount = place === "full" ? join(folder, "full") : join(embedded.home("bad3"), ".provision");
      mkdirSync(mount, { mode: 0o700 });
      try {
        execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k,mode=700", "tmpfs", mount], { stdio: "pipe" });
      } catch {
        skipLoudly(this, "the right to mount");
        return;
      }
      try {
        if (place === "full") {
          const told = await provision(folder, both(login("bad")), [
            { name: "big", copy: { dest: `${mount}/f`, content: "x".repeat(200_000) }, when: "host.name == 'bad'" },
            goodFile(),
          ]);
          assertOut(told, "bad", 3, /No space left/);
          assert.deepEqual(readdirSync(mount), []);
        } else {
          writeFileSync(join(mount, "fill"), "x".repeat(60_000));
          assertOut(await provision(folder, both(login("bad3")), [goodFile()]), "bad", 3, /disk is full/);
        }
      } finally {
        execFileSync("umount", [mount]);
      }
    });
  }

  it("the destination is read-only", async function () {
    if (process.getuid?.() !== 0) {
      skipLoudly(this, "to be root");
      return;
    }
    const { execFileSync } = await import("node:child_process");
    const mount = join(folder, "ro");
    mkdirSync(mount);
    try {
      execFileSync("mount", ["-t", "tmpfs", "-o", "ro", "tmpfs", mount], { stdio: "pipe" });
    } catch {
      skipLoudly(this, "the right to mount");
      return;
    }
    try {
      const told = await provision(folder, both(login("bad")), [
        { name: "big", copy: { dest: `${mount}/f`, content: "x" }, when: "host.name == 'bad'" },
        goodFile(),
      ]);
      assertOut(told, "bad", 3, /[Rr]ead-only/);
    } finally {
      execFileSync("umount", [mount]);
    }
  });

  it("a login shell that prints text, and csh", async () => {
    const noisy = join(folder, "noisy");
    writeFileSync(noisy, "#!/bin/sh\necho 'Welcome $(touch pwned)!'\necho warn >&2\nexec /bin/sh \"$@\"\n");
    chmodSync(noisy, 0o755);
    const shells = [noisy, ...["/bin/csh", "/bin/tcsh", "/usr/bin/fish"].filter((path) => existsSync(path))];
    for (const shell of shells) {
      const server = await startEmbedded({ shell });
      try {
        const told = await provision(
          folder,
          {
            all: {
              hosts: {
                one: {
                  ansible_host: "127.0.0.1",
                  ansible_port: server.port,
                  ansible_user: "one",
                  ansible_ssh_private_key_file: server.keyFile,
                },
              },
            },
          },
          [fileOn(`${folder}/by-${shell.replaceAll("/", "-")}`)],
        );
        assert.equal(told.code, 0, shell + told.out + told.err);
      } finally {
        await server.close();
        rmSync(server.root, { recursive: true, force: true });
      }
    }
  });

  it("secrets are in no event, no plan, no argument list, no file that others can read", async () => {
    const secret = "s3cr3t-of-the-house";
    mkdirSync(join(folder, "roles/keeps/meta"), { recursive: true });
    mkdirSync(join(folder, "roles/keeps/tasks"), { recursive: true });
    writeFileSync(join(folder, "provision.yml"), "");
    writeFileSync(
      join(folder, "roles/keeps/meta/main.yml"),
      JSON.stringify({
        summary: "Keeps.",
        parameters: {
          type: "object",
          properties: { token: { type: "string", secret: true, description: "The token." } },
          required: ["token"],
        },
      }),
    );
    writeFileSync(
      join(folder, "roles/keeps/tasks/main.yml"),
      JSON.stringify([
        { name: "file", copy: { dest: `${folder}/token`, content: "t={{keeps.token}}\n", mode: "0600" } },
        { name: "stdin", command: { cmd: "sleep 2", stdin: "{{keeps.token}}", always: true } },
        { name: "environment", command: { cmd: "sleep 2", always: true }, environment: { TOKEN: "{{keeps.token}}" } },
        { name: "shown", debug: { msg: "it is {{keeps.token}}" } },
        { name: "kept", set_fact: { own: "{{keeps.token}}" } },
        { name: "item", debug: { msg: "{{item}}" }, loop: ["{{keeps.token}}"] },
        { name: "refused", command: { cmd: "echo {{keeps.token}}", always: true }, ignore_errors: true },
        { name: "fails", copy: { dest: "/proc/no/{{own}}", content: "x" } },
      ]),
    );
    const seen: string[] = [];
    const { execFileSync } = await import("node:child_process");
    const watch = setInterval(() => {
      const list = execFileSync("ps", ["axww", "-o", "args"]).toString();
      if (list.includes(secret)) seen.push(list.split("\n").find((line) => line.includes(secret)) ?? "");
      const open = execFileSync("sh", [
        "-c",
        `grep -rlsF ${secret} ${embedded.root} 2>/dev/null | while read -r f; do find "$f" -perm -004; done; true`,
      ])
        .toString()
        .trim();
      for (const file of open.split("\n").filter((line) => line !== "")) seen.push(file);
    }, 300);
    writeFileSync(join(folder, "inventory.yml"), `all: {vars: {keeps: {token: !expr env("HOUSE_TOKEN")}}}`);
    const inventory = `all:\n  vars:\n    keeps: {token: !expr 'env("HOUSE_TOKEN")'}\n  hosts:\n    one: ${JSON.stringify(login("keeper"))}\n`;
    try {
      writeFileSync(join(folder, "inventory.yml"), inventory);
      writeFileSync(join(folder, "play.yml"), JSON.stringify([{ hosts: "all", roles: ["keeps"] }]));
      const run = async (...args: string[]): Promise<{ code: number; out: string }> => {
        const child = spawn(process.execPath, ["--import", "tsx", cli, ...args], {
          env: { PATH: process.env.PATH, HOME: folder, HOUSE_TOKEN: secret },
          cwd: resolve(import.meta.dirname, "../.."),
        });
        let out = "";
        child.stdout.on("data", (bytes: Buffer) => (out += bytes.toString()));
        child.stderr.on("data", (bytes: Buffer) => (out += bytes.toString()));
        const code = await new Promise<number>((done) => child.on("close", (status) => done(status ?? -1)));
        return { code, out };
      };
      const base = [join(folder, "inventory.yml"), "-p", join(folder, "play.yml")];
      const plan = await run("plan", ...base, "-o", join(folder, "plan.json"));
      assert.equal(plan.out.includes(secret), false, plan.out);
      assert.equal(readFileSync(join(folder, "plan.json"), "utf8").includes(secret), false);
      const json = await run("apply", ...base, "--output", "json");
      assert.equal(json.out.includes(secret), false, json.out);
      assert.equal(readFileSync(join(folder, "token"), "utf8"), `t=${secret}\n`, json.out);
      const people = await run("apply", ...base, "-y", "-vv", "--diff");
      assert.equal(people.out.includes(secret), false, people.out);
    } finally {
      clearInterval(watch);
    }
    assert.deepEqual(seen, []);
  });
});
