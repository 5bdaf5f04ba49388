import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { imageOf } from "./image.ts";

export interface HostSpec {
  name: string;
  suite: "bookworm" | "trixie";
}

/** A running machine. Logins by the lab's key: root, `admin` (bash, sudo without password), `kim` (mksh, no sudo). */
export interface Host {
  name: string;
  address: string;
  /** IPv6 on the same link. */
  address6: string;
}

/** Machines that run until `stop`, or until this process is gone, whichever comes first. */
export interface Lab {
  hosts: Host[];
  /** Private key for all logins. */
  keyFile: string;
  /** Runs a command on a host as root by the system's own ssh, for assertions; answers what it printed. */
  exec(name: string, command: string): string;
  /** Unplugs a host's network, and plugs it in again. */
  cut(name: string): Promise<void>;
  plug(name: string): Promise<void>;
  stop(): Promise<void>;
}

const SCRIPT = new URL("lab.sh", import.meta.url).pathname;

/** Starts systemd machines on a bridge of their own. Needs root on Linux. `octet` is the third of 10.213.x.0/24, one for each lab that runs at a time. */
export async function startHosts(specs: readonly HostSpec[], octet = 77): Promise<Lab> {
  const work = mkdtempSync(join(tmpdir(), "provision-lab-"));
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", join(work, "key")]);
  const prefix = `10.213.${octet}`;
  const images = new Map(specs.map((spec) => [spec.suite, imageOf(spec.suite)]));
  const script = spawn(
    "unshare",
    ["--mount", "--propagation", "private", SCRIPT, `p${octet}`, `pvbr${octet}`, prefix, work],
    { stdio: ["pipe", "pipe", "inherit"], detached: true },
  );
  const answers = answersOf(script);
  await answers("ok lab");
  const ask = async (command: string, name: string): Promise<void> => {
    script.stdin.write(`${command}\n`);
    await answers(`ok ${name}`);
  };
  const hosts = specs.map((spec, index) => ({
    name: spec.name,
    address: `${prefix}.${index + 11}`,
    address6: `fd77:${octet}::${index + 11}`,
  }));
  const lab: Lab = {
    hosts,
    keyFile: join(work, "key"),
    exec: (name, command) => execOn(hosts, join(work, "key"), name, command),
    cut: async (name) => await ask(`cut ${name}`, name),
    plug: async (name) => await ask(`plug ${name}`, name),
    stop: async () => await stop(script),
  };
  try {
    for (const [index, spec] of specs.entries())
      await ask(`start ${spec.name} ${index + 11} ${images.get(spec.suite) ?? ""}`, spec.name);
    await Promise.all(hosts.map((host) => sshReady(host.address, 60)));
  } catch (error) {
    const log = readFileSync(join(work, "lab.log"), "utf8");
    await lab.stop();
    throw new Error(`the lab did not start: ${String(error)}\n${log}`);
  }
  return lab;
}

/** Waits for lines of the script, in order. */
function answersOf(script: ChildProcess): (line: string) => Promise<void> {
  const lines: string[] = [];
  const waiting: ((line: string) => void)[] = [];
  if (script.stdout === null) throw new Error("the lab has no output");
  createInterface({ input: script.stdout }).on("line", (line) => {
    const next = waiting.shift();
    if (next === undefined) lines.push(line);
    else next(line);
  });
  script.on("exit", () => {
    for (const next of waiting.splice(0)) next("failed: the lab ended");
  });
  return async (expected) => {
    const line = lines.shift() ?? (await new Promise<string>((resolve) => waiting.push(resolve)));
    if (line !== expected) throw new Error(`the lab answered: ${line}`);
  };
}

async function stop(script: ChildProcess): Promise<void> {
  if (script.exitCode !== null) return;
  const ended = new Promise<void>((resolve) => script.once("exit", () => resolve()));
  script.stdin?.end();
  await ended;
}

/** Resolves when sshd greets. */
async function sshReady(address: string, seconds: number): Promise<void> {
  const end = Date.now() + seconds * 1000;
  while (Date.now() < end) {
    if (await greets(address)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`no sshd at ${address} after ${seconds} s`);
}

function greets(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port: 22, timeout: 1000 });
    const done = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.on("data", (bytes) => done(bytes.toString().startsWith("SSH-")));
    socket.on("error", () => done(false));
    socket.on("timeout", () => done(false));
    socket.on("close", () => done(false));
  });
}

function execOn(hosts: readonly Host[], key: string, name: string, command: string): string {
  const host = hosts.find((one) => one.name === name);
  if (host === undefined) throw new Error(`no host ${name}`);
  const options = [
    "-o",
    "StrictHostKeyChecking=no",
    "-o",
    "UserKnownHostsFile=/dev/null",
    "-o",
    "LogLevel=ERROR",
    "-o",
    "ConnectTimeout=5",
    "-i",
    key,
  ];
  return execFileSync("ssh", [...options, `root@${host.address}`, command], { encoding: "utf8", timeout: 60_000 });
}
