import { createHash } from "node:crypto";
import { blobOf } from "../../base/blob.ts";
import { Secret } from "../../base/secret.ts";
import { type Shell, sh } from "../../base/shell.ts";
import { becomes, type Prediction, type Touch } from "../../resources/resource.ts";
import { userPassword, userShadow } from "../../resources/user.ts";
import type { Difference, See } from "../module.ts";
import { plain } from "./words.ts";

const day = 86_400;

/** A change of a user, as it is put together. */
export interface UserWork {
  differs: Difference[];
  steps: Shell[];
  becomes: Prediction[];
  touches: Touch[];
}

/** The arguments of `user` that are about logging in with a password. */
export interface PasswordArgs {
  password?: string | Secret | undefined;
  update_password: "always" | "on_create";
  password_lock?: boolean | undefined;
  expires?: number | undefined;
}

/** Password, lock and expiry. A text when they cannot be looked at. */
export function planShadow(
  name: string,
  isNew: boolean,
  args: PasswordArgs,
  see: See,
  work: UserWork,
): string | undefined {
  const shadow = asksShadow(args) && !isNew ? see(userShadow(name)) : undefined;
  if (shadow?.state === "denied") return `only root may see and set the password and expiry of ${name}`;
  if (args.password !== undefined && (isNew || args.update_password === "always")) {
    const fail = planPassword(name, args.password, isNew, see, work);
    if (fail !== undefined) return fail;
  }
  const passwordSet = work.differs.some((one) => one.what === "password");
  const locked = isNew || passwordSet ? undefined : (shadow?.locked ?? undefined);
  const fields: { state: "known"; locked?: boolean; expires?: number | null } = { state: "known" };
  let differs = false;
  if (
    args.password_lock !== undefined &&
    locked !== args.password_lock &&
    !(!args.password_lock && locked === undefined)
  ) {
    work.differs.push({ what: "password_lock", of: name, before: locked ?? false, after: args.password_lock });
    work.steps.push(sh`user_lock ${name} ${args.password_lock ? "yes" : "no"}`);
    fields.locked = args.password_lock;
    differs = true;
  }
  const expires = args.expires === undefined ? undefined : args.expires < 0 ? null : Math.floor(args.expires / day);
  if (expires !== undefined && (isNew ? expires !== null : (shadow?.expires ?? null) !== expires)) {
    work.differs.push({ what: "expires", of: name, before: dateOf(shadow?.expires ?? null), after: dateOf(expires) });
    work.steps.push(sh`user_expire ${name} ${expires === null ? "" : String(expires)}`);
    fields.expires = expires;
    differs = true;
  }
  if (differs) {
    if (fields.locked === undefined && locked !== undefined) fields.locked = locked;
    if (fields.expires === undefined && shadow !== undefined) fields.expires = shadow.expires;
    work.becomes.push(becomes(userShadow(name), fields));
  }
  return undefined;
}

function planPassword(
  name: string,
  password: string | Secret,
  isNew: boolean,
  see: See,
  work: UserWork,
): string | undefined {
  const hash = plain(password);
  const bare = hash.replace(/^[!*]+/, "");
  const digest = bare === "" ? null : createHash("sha256").update(bare).digest("hex");
  const now = isNew ? null : see(userPassword(name)).digest;
  if (now === "denied") return `only root may see and set the password of ${name}`;
  if (now === digest) return undefined;
  work.differs.push({ what: "password", of: name, before: new Secret(""), after: new Secret("") });
  work.steps.push(sh`user_password ${{ blob: blobOf(new Secret(`${name}:${hash}\n`)) }}`);
  work.becomes.push(becomes(userPassword(name), { digest }));
  work.touches.push({ kind: "user.shadow", below: name });
  return undefined;
}

/** Whether lock or expiry are asked for, which only root may look at. */
export function asksShadow(args: PasswordArgs): boolean {
  return args.password_lock !== undefined || args.expires !== undefined;
}

function dateOf(days: number | null): string {
  return days === null ? "never" : new Date(days * day * 1000).toISOString().slice(0, 10);
}
