import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startHosts } from "../test/hosts/hosts.ts";
import { type Cost, measure, medians, median } from "./measure.ts";
import { type Row, share } from "./table.ts";

const ROUND = ["ssh host true", "script, first", "script, again", "apply, first", "apply, again"] as const;
type Kind = (typeof ROUND)[number];

/** Fifty steps on one machine with a real sshd, beside `ssh host true` and a script by hand, in turn. */
export async function realHost(program: string, scratch: string, rounds: number): Promise<Row[]> {
  const lab = await startHosts([{ name: "host", suite: "trixie" }], 79);
  try {
    const host = lab.hosts[0];
    if (host === undefined) throw new Error("the lab has no host");
    const ssh = prepare(scratch, host.address, lab.keyFile);
    const env = { PATH: process.env.PATH, HOME: join(scratch, "home") };
    const run = async (kind: Kind): Promise<Cost> => {
      if (kind.endsWith("first")) lab.exec("host", readFileSync(join(import.meta.dirname, "undo.sh"), "utf8"));
      if (kind === "ssh host true") return await measure({ command: [...ssh, "true"], env, cwd: scratch }, scratch);
      if (kind.startsWith("script"))
        return await measure(
          { command: [...ssh, "sh -s"], stdin: join(scratch, "fifty.sh"), env, cwd: scratch },
          scratch,
        );
      const cost = await measure(
        {
          command: [process.execPath, program, "apply", "inventory.yml", "-p", "fifty.yml", "-y", "--output", "plain"],
          env,
          cwd: scratch,
        },
        scratch,
      );
      const changed = Number(/ (\d+) changed/.exec(cost.output)?.[1] ?? NaN);
      if (kind === "apply, again" ? changed !== 0 : changed < 30)
        throw new Error(`${kind}: ${changed} changed\n${cost.output}`);
      return cost;
    };
    await run("ssh host true");
    await run("apply, first");
    const costs = new Map<Kind, Cost[]>(ROUND.map((kind) => [kind, []]));
    for (let round = 0; round < rounds; round++) {
      for (const kind of ROUND) costs.get(kind)?.push(await run(kind));
    }
    const base = costs.get("ssh host true") ?? [];
    return ROUND.map((kind) => {
      const own = costs.get(kind) ?? [];
      const ratio = median(own.map((cost, round) => share(cost.wall, base[round]?.wall)));
      const target = kind === "apply, again" ? 1.5 : kind === "apply, first" ? 3 : undefined;
      return { what: kind, hosts: 1, ...medians(own), ratio, target };
    });
  } finally {
    await lab.stop();
  }
}

/** Files of the project in the scratch folder; answers the command of ssh. */
function prepare(scratch: string, address: string, keyFile: string): string[] {
  mkdirSync(join(scratch, "home/.ssh"), { recursive: true });
  writeFileSync(
    join(scratch, "inventory.yml"),
    `all: {hosts: {host: {ssh: {host: ${address}, user: root, key: ${keyFile}}}}}\n`,
  );
  const script = readFileSync(join(import.meta.dirname, "fifty.sh"), "utf8");
  const text = (name: string): string => readFileSync(join(scratch, `files/${name}.txt`), "utf8");
  writeFileSync(
    join(scratch, "fifty.sh"),
    script.replace("@LARGE@", () => text("large")).replaceAll("@SMALL@", () => text("small")),
  );
  const options = [
    "-F",
    "none",
    "-o",
    "StrictHostKeyChecking=accept-new",
    "-o",
    `UserKnownHostsFile=${join(scratch, "home/.ssh/known_hosts")}`,
    "-o",
    "BatchMode=yes",
  ];
  return ["ssh", ...options, "-i", keyFile, `root@${address}`];
}
