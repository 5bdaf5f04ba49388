/** What went wrong between the controller and the agent on a host. */
export type AgentReason =
  /** The agent did not answer: no shell, a login that is refused or prints only noise, a time limit. */
  | "hello"
  /** The channel closed while an answer was awaited. */
  | "lost"
  /** The host cannot take a batch: no folder that can be written, disk full. */
  | "spool"
  /** A reader printed no line for a key. */
  | "reader"
  /** Something that no agent of this version says or is asked. */
  | "protocol";

/** The agent could not do what it was asked. The message is one sentence for people; `stderr` the last lines the host printed. */
export class AgentError extends Error {
  override name = "AgentError";
  constructor(
    readonly reason: AgentReason,
    message: string,
    readonly stderr = "",
  ) {
    super(message);
  }
}
