import { quote } from "../base/shell.ts";
import { AGENT, COMMON } from "./scripts.generated.ts";

/** A text frame ends with this, so that a frame that was cut off is never run. */
const END = "\n#.";

/**
 * The command a channel is opened with. It passes through the user's login shell, which may be csh or fish, so it is one
 * plain line; everything else comes by stdin.
 */
export function loaderCommand(shell = "/bin/sh"): string {
  return `exec ${loader(shell)}`;
}

/** The same without `exec`, for what runs a command by itself (sudo, su). */
export function loader(shell = "/bin/sh"): string {
  return `${quote(shell)} -c 'IFS= read -r b;eval "$b"'`;
}

/** A text as the agent takes it: the bytes to announce and to send. */
export function textFrame(text: string): Buffer {
  return Buffer.from(text + END);
}

/**
 * The first bytes of a session: one line that can read exactly so many bytes, then the agent itself. `dd` with `fullblock` reads a
 * frame at once and fails before it reads where it does not know the flag; then short reads are put together.
 */
export function loaderFrames(nonce: string, shell: string): Buffer {
  const agent = textFrame(`C=${quote(COMMON)}\neval "$C"\n${AGENT}`);
  const get = [
    "p_get(){ F=",
    '[ $p_plain ]||{ F=$(dd bs=$1 count=1 iflag=fullblock 2>/dev/null&&echo x);[ "$F" ]||p_plain=1;F=${F%x};}',
    '[ ! $p_plain ]||while p_x=$(dd bs=$(($1-${#F})) count=1 2>/dev/null;echo x);p_x=${p_x%x};[ "$p_x" ];do F=$F$p_x;[ ${#F} -lt $1 ]||break;done',
    "case $F in *'#.');;*)echo a request did not arrive whole >&2;exit 1;;esac;}",
  ].join(";");
  const line = [
    `N=${nonce}`,
    `P_SH=${quote(shell)}`,
    "P_LC=${LC_ALL-}",
    "P_PATH=$PATH",
    "LC_ALL=C",
    "export LC_ALL",
    "p_plain=",
    "case ${KSH_VERSION-} in *MIRBSD*)set +U;;esac",
    get,
    `p_get ${agent.length}`,
    'eval "$F"',
  ].join(";");
  return Buffer.concat([Buffer.from(`${line}\n`), agent]);
}
