import { fields } from "./line.ts";
import type { Ref, ResourceKind } from "./resource.ts";

/** Who a step runs as. */
export interface Identity {
  uid: number;
  gid: number;
  /** Octal digits, e.g. `022`. */
  umask: string;
  user: string;
  home: string;
}

/** The user that a step runs as, as the host sees it. The key is always `self`. */
export const identityKind: ResourceKind<Identity> = {
  kind: "identity",
  summary: "The user a step runs as: uid, gid, umask, name, home.",
  reader: `printf '0 %s %s %s %s %s\\n' "$(id -u)" "$(id -g)" "$(umask)" "$(id -un)" "$HOME"`,
  line: fields<Identity>({ uid: "int", gid: "int", umask: "word", user: "word", home: "rest" }),
  isAbsent: () => false,
  asUser: true,
};

export const identity: Ref<Identity> = { kind: identityKind, key: "self" };
