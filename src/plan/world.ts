import { Unknown } from "../base/value.ts";
import { factKeys } from "../facts/schema.ts";
import type { Prediction, Ref, ResourceKind, Touch } from "../resources/resource.ts";

/** Who reads: the channel's identity, or another user for kinds that must be read as the step's user. */
export interface Reader {
  channel: "login" | "root";
  /** Set when the read runs as another user than the channel's. */
  user?: string;
}

/** One line read from the host. */
export interface Reading {
  ref: Ref;
  reader: Reader;
  line: string;
  value: object;
}

/** A resource that a plan looked at, and on what its value rests. */
export interface Sight {
  ref: Ref;
  reader: Reader;
  /** An earlier change may have altered it since it was read or predicted: to be asked again on the host. */
  stale: boolean;
  /** What may have altered it, for people. */
  why?: string;
  /** An opaque change is among these, which may have done anything. */
  opaque?: boolean;
  /** The step whose prediction was seen; undefined for a plain read. */
  predictedBy?: number;
}

interface Predicted {
  prediction: Prediction;
  by: number;
  sequence: number;
}

interface TouchRecord {
  touch: Touch | "opaque reads";
  force: Force;
  by: number;
  why: string;
  sequence: number;
}

/**
 * `hard`: the value is simply not known afterwards. `soft`: what was seen present is taken to stay, what was absent is not
 * known. `mild`: it is taken to stay, but proves no longer that a step must fail.
 */
type Force = "hard" | "soft" | "mild";

const FORCES: readonly Force[] = ["hard", "soft", "mild"];

/** Thrown for a value that an earlier change may have altered, where it was not there before. */
export class Touched extends Unknown {
  override name = "Touched";
}

/** Thrown by `see` for a resource that has not been read yet; the engine reads it and plans again. */
export class NotRead extends Error {
  constructor(
    readonly ref: Ref,
    readonly reader: Reader,
    /** The host to read from; absent: the host that is planned. */
    readonly host?: string,
  ) {
    super(`${ref.kind.kind} ${ref.key} has not been read`);
  }
}

/**
 * The state of one host as the plan sees it: what was read, with the predictions of earlier changes laid over it and the
 * values that earlier changes may have touched. No I/O.
 */
export class World {
  #reads = new Map<string, Reading>();
  #predictions = new Map<string, Predicted>();
  #touches: TouchRecord[] = [];
  #sequence = 0;
  /** Paths with a link among their folders, by what they are really called: one file has one place in the overlay. */
  #physical = new Map<string, string>();

  /** A copy that can be planned on without leaving a trace in this one. */
  fork(): World {
    const copy = new World();
    copy.#reads = this.#reads;
    copy.#predictions = new Map(this.#predictions);
    copy.#touches = [...this.#touches];
    copy.#sequence = this.#sequence;
    copy.#physical = this.#physical;
    return copy;
  }

  /** Takes over what a fork has planned. */
  adopt(fork: World): void {
    this.#predictions = fork.#predictions;
    this.#touches = fork.#touches;
    this.#sequence = fork.#sequence;
  }

  /** Everything read and predicted is forgotten: after a batch the host is read afresh. */
  forget(): void {
    this.#reads = new Map();
    this.#predictions = new Map();
    this.#touches = [];
    this.#physical = new Map();
  }

  learn(ref: Ref, reader: Reader, line: string): void {
    const value = ref.kind.line.parse(line);
    this.#reads.set(readKey(ref, reader), { ref, reader, line, value });
    if ("real" in value && typeof value.real === "string") this.#physical.set(ref.key, value.real);
  }

  /** The resource by its physical name, where it is a path that goes through a link. */
  #real(ref: Ref): Ref {
    const key = ref.kind.kind.startsWith("file") ? this.#physical.get(ref.key) : undefined;
    return key === undefined ? ref : { kind: ref.kind, key };
  }

  reading(ref: Ref, reader: Reader): Reading | undefined {
    return this.#reads.get(readKey(ref, reader));
  }

  /** True when `see` would not ask for a read. */
  knows(ref: Ref, reader: Reader): boolean {
    return this.#reads.has(readKey(ref, reader)) || this.#predictions.has(refKey(this.#real(ref)));
  }

  /** True when what is predicted already shows these fields. */
  foresees(prediction: Prediction): boolean {
    const fields = this.#predictions.get(refKey(this.#real(prediction.ref)))?.prediction.fields as
      | Record<string, unknown>
      | undefined;
    return fields !== undefined && Object.entries(prediction.fields).every(([name, value]) => fields[name] === value);
  }

  /** The step whose prediction stands for a resource. */
  predictedBy(ref: Ref): number | undefined {
    return this.#predictions.get(refKey(this.#real(ref)))?.by;
  }

  /**
   * The value of a resource for a step planned now. `optimistic`: a touched value is taken as it was read (the caller
   * has it compared on the host); otherwise one that was absent is unknown.
   */
  see(ref: Ref, reader: Reader, optimistic: boolean): { value: object; sight: Sight } {
    const reading = this.#reads.get(readKey(ref, reader));
    const predicted = this.#predictions.get(refKey(this.#real(ref)));
    if (reading === undefined && predicted === undefined) throw new NotRead(ref, reader);
    const touched = this.#strongestTouch(ref, predicted?.sequence ?? -1);
    const value = predicted === undefined ? reading?.value : openFields(predicted);
    if (value === undefined) throw new NotRead(ref, reader);
    const stale = touched !== undefined;
    if (touched !== undefined) {
      if (touched.force === "hard" || (!optimistic && ref.kind.unpredictable === true))
        throw new Unknown(touched.why, touched.by);
      if (!optimistic && touched.force === "soft" && seemsAbsent(ref.kind, value))
        throw new Touched(touched.why, touched.by);
    }
    const sight: Sight = { ref, reader, stale };
    if (touched !== undefined) sight.why = touched.why;
    if (touched !== undefined && this.#opaqueSince(predicted?.sequence ?? -1)) sight.opaque = true;
    if (predicted !== undefined) sight.predictedBy = predicted.by;
    return { value, sight };
  }

  /** Lays a change over the state. `why` names the step for those who meet an unknown value because of it. */
  change(by: number, why: string, becomes: readonly Prediction[], touches: readonly Touch[], opaque: boolean): void {
    this.#sequence += 1;
    const sequence = this.#sequence;
    const own = sequence - 0.5;
    this.#touches.push({ touch: opaque ? "everything" : "opaque reads", force: "soft", by, why, sequence: own });
    for (const touch of touches) {
      const hard =
        touch !== "everything" && touch.below !== undefined && becomes.some((one) => one.ref.key === touch.below);
      this.#touches.push({ touch, force: hard ? "hard" : "soft", by, why, sequence: own });
    }
    for (const prediction of becomes) {
      for (const below of factKeys(prediction.ref.kind.facts ?? [])) {
        this.#touches.push({ touch: { kind: "facts", below }, force: "hard", by, why, sequence: own });
      }
      this.#predictions.set(refKey(this.#real(prediction.ref)), { prediction, by, sequence });
    }
  }

  #opaqueSince(after: number): boolean {
    return this.#touches.some((touched) => touched.touch === "everything" && touched.sequence >= after);
  }

  /** A step of which it cannot be told what it does: what it was needed for is in doubt. */
  doubt(by: number, why: string): void {
    this.#sequence += 1;
    this.#touches.push({ touch: "opaque reads", force: "soft", by, why, sequence: this.#sequence });
    this.#touches.push({ touch: "everything", force: "mild", by, why, sequence: this.#sequence });
  }

  #strongestTouch(ref: Ref, after: number): TouchRecord | undefined {
    let strongest: TouchRecord | undefined;
    for (let index = this.#touches.length - 1; index >= 0; index--) {
      const touched = this.#touches[index];
      if (touched === undefined || touched.sequence < after) break;
      const stronger = strongest === undefined || FORCES.indexOf(touched.force) < FORCES.indexOf(strongest.force);
      if (stronger && this.#isTouched(touched.touch, ref)) strongest = touched;
      if (strongest?.force === "hard") break;
    }
    return strongest;
  }

  /** By the name it was read by, or by its physical one; a touched folder may be named through a link, too. */
  #isTouched(touch: TouchRecord["touch"], ref: Ref): boolean {
    if (touches(touch, ref)) return true;
    const real = this.#real(ref);
    if (typeof touch === "string" || touch.below === undefined) return false;
    const below = touch.kind === "file" ? (this.#physical.get(touch.below) ?? touch.below) : touch.below;
    return (real !== ref || below !== touch.below) && touches({ ...touch, below }, real);
  }
}

export function touches(touch: Touch | "opaque reads", ref: Ref): boolean {
  if (touch === "everything") return true;
  if (touch === "opaque reads") return ref.kind.opaque === true;
  const kind = ref.kind.kind;
  if (kind !== touch.kind && !kind.startsWith(`${touch.kind}.`)) return false;
  if (touch.below === undefined) return true;
  return ref.key === touch.below || ref.key.startsWith(touch.below.endsWith("/") ? touch.below : `${touch.below}/`);
}

/** A predicted value: fields that were left open throw when they are looked at. */
function openFields(predicted: Predicted): object {
  const { prediction, by } = predicted;
  const known: Record<string | symbol, unknown> = { ...prediction.fields };
  return new Proxy(known, {
    get(target, name) {
      if (typeof name === "symbol" || name in target || name === "toJSON") return target[name];
      throw new Unknown(
        `${prediction.ref.kind.kind} ${prediction.ref.key}: ${name} is only known after the change`,
        by,
      );
    },
  });
}

function seemsAbsent(kind: ResourceKind<object>, value: object): boolean {
  try {
    return kind.isAbsent(value);
  } catch (error) {
    if (error instanceof Unknown) return false;
    throw error;
  }
}

export function refKey(ref: Ref): string {
  return `${ref.kind.kind}\0${ref.key}`;
}

/** Exact resources are read by the channel; those that must be asked as the step's user by that user. */
export function readerOf(ref: Ref, identity: Reader): Reader {
  return ref.kind.asUser === true || identity.user === undefined ? identity : { channel: identity.channel };
}

export function readKey(ref: Ref, reader: Reader): string {
  return `${reader.channel}\0${reader.user ?? ""}\0${ref.kind.kind}\0${ref.key}`;
}
