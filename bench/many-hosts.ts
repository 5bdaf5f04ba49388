import { fork, type ChildProcess } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Cost, measure, medians } from "./measure.ts";
import type { ServerReady } from "./many-server.ts";
import type { Row } from "./table.ts";

/** Twenty steps on 100 and on 300 hosts: accounts of an embedded SSH server in another process. */
export async function manyHosts(program: string, scratch: string, rounds: number): Promise<Row[]> {
  const rows: Row[] = [];
  const costs = new Map<string, Cost[]>();
  for (let round = 0; round < rounds; round++) {
    for (const count of [100, 300]) {
      const { server, ready } = await start(join(scratch, `hosts-${count}-${round}`));
      try {
        writeFileSync(join(scratch, "many.inventory.yml"), inventory(count, ready));
        const env = { PATH: process.env.PATH, HOME: join(scratch, `home-${count}-${round}`) };
        mkdirSync(env.HOME);
        for (const kind of ["first", "again"]) {
          const cost = await measure(
            {
              command: [
                process.execPath,
                program,
                "apply",
                "many.inventory.yml",
                "-p",
                "many.yml",
                "-y",
                "--timeout",
                "60",
                "--output",
                "plain",
              ],
              env,
              cwd: scratch,
            },
            scratch,
          );
          const key = `${kind} ${count}`;
          costs.set(key, [...(costs.get(key) ?? []), cost]);
        }
      } finally {
        server.kill();
      }
    }
  }
  for (const kind of ["first", "again"]) {
    const [few, many] = [100, 300].map((count) => medians(costs.get(`${kind} ${count}`) ?? []));
    if (few === undefined || many === undefined) continue;
    rows.push({ what: `apply, ${kind}`, hosts: 100, ...few, ratio: undefined, target: undefined });
    rows.push({
      what: `apply, ${kind}`,
      hosts: 300,
      ...many,
      ratio: many.wall / few.wall,
      target: 3.3,
      beside: "time",
    });
    rows.push({
      what: "  memory",
      hosts: 300,
      ...many,
      ratio: (many.peakMiB ?? NaN) / (few.peakMiB ?? NaN),
      target: 3.3,
      beside: "memory",
    });
    rows.push({
      what: "  memory of 1 GiB",
      hosts: 300,
      ...many,
      ratio: (many.peakMiB ?? NaN) / 1024,
      target: 1,
      beside: "GiB",
    });
  }
  return rows;
}

function inventory(count: number, { port, keyFile, root }: ServerReady): string {
  const hosts = Array.from(
    { length: count },
    (_, index) => `    h${index}: {ssh: {user: h${index}}, home: ${root}/h${index}}\n`,
  );
  return `all:\n  vars: {ssh: {host: 127.0.0.1, port: ${port}, key: ${keyFile}}}\n  hosts:\n${hosts.join("")}`;
}

async function start(root: string): Promise<{ server: ChildProcess; ready: ServerReady }> {
  const server = fork(join(import.meta.dirname, "many-server.ts"), [root], { execArgv: ["--import", "tsx"] });
  const ready = await new Promise<ServerReady>((resolve, reject) => {
    server.once("message", (message) => resolve(message as ServerReady));
    server.once("exit", () => reject(new Error("the embedded server ended")));
  });
  return { server, ready };
}
