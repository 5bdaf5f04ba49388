import { captureFunctions, textOf } from "./capture.ts";
import { fields } from "./line.ts";
import type { Ref, ResourceKind } from "./resource.ts";

/** What a program of the host got from a URL, as it came; `httpAnswer` reads it. */
export interface HttpState {
  /** `none`: the host has none of these. */
  tool: "curl" | "wget" | "ftp" | "none";
  rc: number;
  /** Hex; null when empty. From curl, headers and body. */
  stdout: string | null;
  stderr: string | null;
}

// The words of the command are made in the subshell that runs it, where nothing has to be quoted twice.
const functions = `${captureFunctions}
http_find() {
  if command -v curl >/dev/null 2>&1; then echo curl
  elif command -v wget >/dev/null 2>&1; then
    case $(wget --version 2>/dev/null) in GNU*) echo gnu-wget ;; *) echo wget ;; esac
  elif [ "$(uname -s)" = OpenBSD ]; then echo ftp
  else echo none; fi
}
http_get() {
  case $http_tool in
    curl)
      set -- -q -s -S -g -i -m "$http_seconds" --url "$http_url"
      [ "$http_insecure" = no ] || set -- -k "$@"
      [ "$http_ca" = - ] || set -- --cacert "$http_ca" "$@"
      exec curl "$@" ;;
    gnu-wget | wget)
      if [ $http_tool = wget ]; then set -- -S -O - -T "$http_seconds" "$http_url"
      else set -- --no-config -nv -S -O - -t 1 --max-redirect=0 --content-on-error -T "$http_seconds" "$http_url"; fi
      [ "$http_insecure" = no ] || set -- --no-check-certificate "$@"
      [ "$http_ca" = - ] || set -- --ca-certificate="$http_ca" "$@"
      exec wget "$@" ;;
    ftp)
      set -- -V -w "$http_seconds" -o - "$http_url"
      [ "$http_insecure" = no ] || set -- -S dont "$@"
      [ "$http_ca" = - ] || set -- -S cafile="$http_ca" "$@"
      exec ftp "$@" ;;
  esac
}`;

export const httpKind: ResourceKind<HttpState> = {
  kind: "http",
  summary: "The answer to a GET request that the host itself makes; redirections are not followed.",
  functions,
  reader: `http_tool=$(http_find)
http_at=0
for http_url do
  http_seconds=\${http_url%% *} http_url=\${http_url#* }
  http_insecure=\${http_url%% *} http_url=\${http_url#* }
  http_ca=\${http_url%% *} http_url=\${http_url#* }
  if [ $http_tool = none ]; then captured='1 - -'; else capture_run http_get; fi
  echo "$http_at \${http_tool#gnu-} $captured"
  http_at=$((http_at + 1))
done`,
  line: fields<HttpState>({ tool: "word", rc: "int", stdout: "word", stderr: "word" }),
  isAbsent: (value) => value.rc !== 0,
  opaque: true,
  asUser: true,
};

export interface HttpOptions {
  /** Seconds for the whole request. */
  timeout: number;
  /** Take any certificate. */
  insecure: boolean;
  /** A file of the host with the certificates to trust; no spaces. */
  ca?: string;
}

/** A GET of `url` (no spaces and no control characters in it). */
export function http(url: string, options: HttpOptions): Ref<HttpState> {
  const seconds = Math.max(1, Math.ceil(options.timeout));
  return { kind: httpKind, key: `${seconds} ${options.insecure ? "yes" : "no"} ${options.ca ?? "-"} ${url}` };
}

/** Status and body of an answer; no status where there was none, and why. */
export interface HttpAnswer {
  status?: number;
  body: string;
  error?: string;
}

export function httpAnswer(state: HttpState): HttpAnswer {
  const out = textOf(state.stdout);
  const err = textOf(state.stderr).trim();
  if (state.tool === "none") return { body: "", error: "the host has none of curl, wget and ftp" };
  if (state.tool === "curl") return curlAnswer(out, err);
  const statuses = [...err.matchAll(/HTTP\/[\d.]+ (\d{3})/g)];
  const told = statuses.at(-1)?.[1] ?? (state.tool === "ftp" ? /: (\d{3}) /.exec(err)?.[1] : undefined);
  if (told !== undefined) return { status: Number(told), body: out };
  return state.rc === 0
    ? { status: 200, body: out }
    : { body: "", error: lastLine(err) || `${state.tool} ended with rc ${state.rc}` };
}

/** The last of the header blocks counts: a proxy's and `100 Continue` come before it. */
function curlAnswer(out: string, err: string): HttpAnswer {
  let body = out;
  let status: number | undefined;
  for (let head = HEAD.exec(body); head !== null; head = HEAD.exec(body)) {
    status = Number(head[1]);
    body = body.slice(head[0].length);
    if (status >= 200 && !/connection established/i.test(head[0])) break;
  }
  return status === undefined ? { body: "", error: lastLine(err) } : { status, body };
}
const HEAD = /^HTTP\/[\d.]+ (\d{3})[\s\S]*?\r?\n\r?\n/;

function lastLine(text: string): string {
  return text.split("\n").at(-1) ?? "";
}
