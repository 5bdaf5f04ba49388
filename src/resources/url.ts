import { LIBRARY_FILES } from "../agent/scripts.generated.ts";
import { fields } from "./line.ts";
import type { Ref, ResourceKind } from "./resource.ts";

/** What the host gets from a URL. `failed`: it could not be had. */
export interface UrlContent {
  state: "got" | "failed" | "large";
  sha256: string | null;
  /** The bytes in lower-case hex, of a small text. */
  data: string | null;
}

/** Texts beyond this many bytes are not read. */
const textLimit = 1024 * 1024;

const functions = `${LIBRARY_FILES}
url_each() {
  url_at=0
  for url_key do
    url_file=$(mktemp "\${TMPDIR:-/tmp}/provision.XXXXXX") || return 1
    if file_fetch "$url_key" "$url_file" 30 '' </dev/null >/dev/null 2>&1; then
      if [ "$(($(wc -c <"$url_file")))" -gt ${textLimit} ]; then
        printf '%s large %s \\n' "$url_at" "$(file_sum sha256 "$url_file")"
      else
        printf '%s got %s ' "$url_at" "$(file_sum sha256 "$url_file")"
        od -An -v -tx1 <"$url_file" | tr -d ' \\n'
        echo
      fi
    else
      printf '%s failed - \\n' "$url_at"
    fi
    rm -f "$url_file"
    url_at=$((url_at + 1))
  done
}`;

export const urlKind: ResourceKind<UrlContent> = {
  kind: "url",
  summary: "The hash of what a URL leads to, and its bytes up to 1 MiB, fetched by the host.",
  reader: `url_each "$@"`,
  functions,
  line: fields<UrlContent>({ state: "word", sha256: "word", data: "rest" }),
  isAbsent: (value) => value.state === "failed",
  opaque: true,
};

export function url(address: string): Ref<UrlContent> {
  return { kind: urlKind, key: address };
}
