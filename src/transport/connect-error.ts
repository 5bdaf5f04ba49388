/** Why there is no connection: nothing answers, the login is refused, the host is another one, nothing in time, not SSH. */
export type ConnectErrorKind = "unreachable" | "auth" | "host-key" | "timeout" | "protocol";

/** There is no connection to a host. `message` says what happened, `hint` what to do next. */
export class ConnectError extends Error {
  override name = "ConnectError";
  constructor(
    readonly kind: ConnectErrorKind,
    message: string,
    readonly hint: string,
  ) {
    super(message);
  }
}
