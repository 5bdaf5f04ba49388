import { Fault, Faults } from "../errors/fault.ts";
import type { Place } from "../errors/place.ts";
import { nearest } from "../base/nearest.ts";
import type { Value } from "../base/value.ts";
import { isMap } from "../language/convert.ts";
import { ALIASES, IGNORED, REFUSED, SILENT } from "./connection-names.ts";

/** How a host is reached, and how root is got there. What is absent was not set. */
export interface HostConnection {
  /** The name in the inventory. */
  name: string;
  transport: "ssh" | "local";
  /** Name or address to connect to; the host's own name unless set. */
  host: string;
  port?: number;
  user?: string;
  /** File of the private key as written; may begin with `~/`, else relative to the working directory. */
  key?: string;
  become: {
    /** From `ansible_become`: whether every step of the host is run as another user, unless a play or task says otherwise. */
    enabled?: boolean;
    method?: "sudo" | "doas" | "su";
    user?: string;
  };
  /** Variables that were given and do nothing. */
  warnings: Fault[];
}

/** The place of a variable, for faults: `["ssh", "port"]`. */
export type PlaceOf = (path: readonly string[]) => Place | undefined;

interface Setting {
  value: Value;
  /** For people: `ssh.host`, `ansible_host`. */
  shown: string;
  path: string[];
}

/**
 * The connection settings among the evaluated variables of a host: `ssh` and `become`, or the usual `ansible_*` names.
 * Only these variables are read, so that others may be lazy. Throws Faults: both spellings given, wrong values, unknown
 * keys, and what cannot be done (other connections, passwords, ways through another host).
 */
export function connectionOf(name: string, vars: Value, placeOf: PlaceOf = () => undefined): HostConnection {
  const reader = new Reader(name, isMap(vars) ? vars : {}, placeOf);
  const connection = reader.read();
  if (reader.faults.length > 0) throw new Faults(reader.faults);
  return connection;
}

class Reader {
  readonly faults: Fault[] = [];
  readonly #warnings: Fault[] = [];
  readonly #settings = new Map<string, Setting>();
  readonly #name: string;
  readonly #vars: { [key: string]: Value };
  readonly #placeOf: PlaceOf;

  constructor(name: string, vars: { [key: string]: Value }, placeOf: PlaceOf) {
    this.#name = name;
    this.#vars = vars;
    this.#placeOf = placeOf;
  }

  read(): HostConnection {
    this.#collectMap("ssh", ["host", "user", "port", "key", "via", "via_command", "transport"]);
    this.#collectMap("become", ["method", "user"]);
    this.#collectAliases();
    for (const via of ["ssh.via", "ssh.via_command"]) {
      const setting = this.#settings.get(via);
      if (setting !== undefined)
        this.#refuse(
          setting,
          "ways through another host are not offered yet",
          "give the host an address that this machine can reach",
        );
    }
    const port = this.#port();
    const user = this.#word("ssh.user");
    const key = this.#text("ssh.key");
    return {
      name: this.#name,
      transport: this.#transport(),
      host: this.#word("ssh.host") ?? this.#name,
      ...(port !== undefined && { port }),
      ...(user !== undefined && { user }),
      ...(key !== undefined && { key }),
      become: this.#become(),
      warnings: this.#warnings,
    };
  }

  #collectMap(root: "ssh" | "become", keys: readonly string[]): void {
    const map = Object.hasOwn(this.#vars, root) ? this.#vars[root] : undefined;
    if (map === undefined || map === null) return;
    if (!isMap(map)) {
      this.#fault("connection-value", `${root} has to be a map`, [root], `its keys are ${keys.join(", ")}`);
      return;
    }
    for (const key of Object.keys(map)) {
      const near = nearest(key, keys);
      if (!keys.includes(key))
        this.#fault(
          "connection-key",
          `unknown key "${key}" of ${root}`,
          [root, key],
          near === undefined ? `the keys are ${keys.join(", ")}` : `did you mean ${near}?`,
        );
      else {
        const value = map[key];
        if (value !== undefined && value !== null)
          this.#settings.set(`${root}.${key}`, { value, shown: `${root}.${key}`, path: [root, key] });
      }
    }
  }

  #collectAliases(): void {
    for (const alias of Object.keys(this.#vars)) {
      if (!alias.startsWith("ansible_") || SILENT.has(alias)) continue;
      const setting = ALIASES.get(alias);
      const value = this.#vars[alias];
      if (value === undefined || value === null) continue;
      const other = setting === undefined ? undefined : this.#settings.get(setting);
      if (REFUSED.has(alias))
        this.#refuse(
          { value, shown: alias, path: [alias] },
          "passwords in variables are not offered",
          "use a key, an SSH agent, or sudo without a password",
        );
      else if (IGNORED.has(alias)) this.#ignore(alias, value);
      else if (setting !== undefined && other !== undefined) this.#both(other, alias, value);
      else if (setting !== undefined) this.#settings.set(setting, { value, shown: alias, path: [alias] });
    }
  }

  /** Two of the usual names for one setting may agree; the map and a usual name may not both be there. */
  #both(other: Setting, alias: string, value: Value): void {
    if (other.path.length === 1 && other.value === value) return;
    const place = this.#placeOf(other.path);
    this.faults.push(
      new Fault("connection-both", `${other.shown} and ${alias} are the same setting`, {
        ...this.#at([alias]),
        hosts: [this.#name],
        hint: "keep one of them",
        ...(place && { related: [{ text: other.shown, place }] }),
      }),
    );
  }

  #ignore(alias: string, value: Value): void {
    if (value === "") return;
    if (typeof value === "string" && /\bProxy(?:Jump|Command)\b|(?:^|\s)-[JW]/i.test(value)) {
      this.#refuse(
        { value, shown: alias, path: [alias] },
        "ways through another host are not offered yet",
        "give the host an address that this machine can reach",
      );
      return;
    }
    this.#warnings.push(
      new Fault("connection-ignored", `${alias} has no effect here`, {
        ...this.#at([alias]),
        hosts: [this.#name],
        hint: "remove it, or leave it for other tools",
      }),
    );
  }

  #transport(): "ssh" | "local" {
    const connection = this.#settings.get("transport") ?? this.#settings.get("ssh.transport");
    if (
      connection === undefined ||
      ["ssh", "ssh2", "smart", "paramiko", "paramiko_ssh"].includes(asWord(connection.value))
    )
      return "ssh";
    if (connection.value === "local") return "local";
    this.#refuse(
      connection,
      `the connection "${asWord(connection.value).slice(0, 40)}" is not offered`,
      "the connections are ssh and local",
    );
    return "ssh";
  }

  #become(): HostConnection["become"] {
    const method = this.#word("become.method");
    const user = this.#word("become.user");
    const enabled = this.#settings.get("become");
    const become: HostConnection["become"] = {};
    if (user !== undefined) become.user = user;
    if (method === "sudo" || method === "doas" || method === "su") become.method = method;
    else if (method !== undefined) this.#wrong("become.method", "sudo, doas or su");
    if (enabled === undefined) return become;
    const word = asWord(enabled.value).toLowerCase();
    if (["true", "yes", "on", "1"].includes(word)) become.enabled = true;
    else if (["false", "no", "off", "0"].includes(word)) become.enabled = false;
    else this.#wrong("become", "true or false");
    return become;
  }

  #port(): number | undefined {
    const value = this.#settings.get("ssh.port")?.value;
    if (value === undefined) return undefined;
    const port = typeof value === "string" && /^\d{1,5}$/.test(value) ? Number(value) : value;
    if (typeof port === "number" && Number.isInteger(port) && port >= 1 && port <= 65535) return port;
    this.#wrong("ssh.port", "a number from 1 to 65535");
    return undefined;
  }

  /** A name of a host or user: it may end up as a word of a command line, so it never looks like an option. */
  #word(setting: string): string | undefined {
    const value = this.#text(setting);
    if (value === undefined || (/^[^\s\p{Cc}-][^\s\p{Cc}]*$/u.test(value) && value.length <= 255)) return value;
    this.#wrong(setting, "a name without spaces that does not begin with a dash");
    return undefined;
  }

  #text(setting: string): string | undefined {
    const value = this.#settings.get(setting)?.value;
    if (value === undefined) return undefined;
    if (typeof value === "number") return String(value);
    if (typeof value === "string" && value !== "" && !value.includes("\0")) return value;
    this.#wrong(setting, "a text");
    return undefined;
  }

  #wrong(setting: string, takes: string): void {
    const found = this.#settings.get(setting);
    this.#fault(
      "connection-value",
      `${found?.shown ?? setting} has to be ${takes}`,
      found?.path ?? [setting],
      "`provision inventory --host HOST --explain` shows where it comes from",
    );
  }

  #refuse(setting: Setting, why: string, hint: string): void {
    this.#fault("connection-unsupported", `${setting.shown}: ${why}`, setting.path, hint);
  }

  #fault(
    code: "connection-value" | "connection-key" | "connection-unsupported",
    message: string,
    path: readonly string[],
    hint: string,
  ): void {
    this.faults.push(new Fault(code, message, { ...this.#at(path), hint, hosts: [this.#name] }));
  }

  #at(path: readonly string[]): { place?: Place } {
    const place = this.#placeOf(path);
    return place === undefined ? {} : { place };
  }
}

/** A value as one word; what is no word is never equal to one. */
function asWord(value: Value): string {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? String(value)
    : "(no text)";
}
