import { normalizePath } from "./file-words.ts";
import { fields } from "./line.ts";
import type { Ref, ResourceKind } from "./resource.ts";

export const checksumAlgorithms = ["md5", "sha1", "sha224", "sha256", "sha384", "sha512"] as const;
export type ChecksumAlgorithm = (typeof checksumAlgorithms)[number];

/** A checksum that somebody else chose the algorithm of. Null where there is no readable regular file, or no tool for it. */
export interface FileChecksum {
  /** Lower-case hex. */
  value: string | null;
}

const functions = `checksum_each() {
  checksum_at=0
  for checksum_key do
    checksum_path=\${checksum_key%//*}
    checksum_kind=\${checksum_key##*//}
    checksum_value=
    if [ -f "$checksum_path" ] && [ -r "$checksum_path" ]; then
      if command -v "\${checksum_kind}sum" >/dev/null 2>&1; then checksum_value=$("\${checksum_kind}sum" <"$checksum_path")
      elif command -v "$checksum_kind" >/dev/null 2>&1; then checksum_value=$("$checksum_kind" -q <"$checksum_path")
      else checksum_value=$(openssl dgst "-$checksum_kind" -r <"$checksum_path" 2>/dev/null); fi
    fi
    checksum_value=\${checksum_value%% *}
    printf '%s %s\\n' "$checksum_at" "\${checksum_value:--}"
    checksum_at=$((checksum_at + 1))
  done
}`;

export const fileChecksumKind: ResourceKind<FileChecksum> = {
  kind: "file.checksum",
  summary: "A file's checksum by a named algorithm; links are followed.",
  reader: `checksum_each "$@"`,
  functions,
  line: fields<FileChecksum>({ value: "word" }),
  isAbsent: (value) => value.value === null,
};

/** The key is the path, `//` and the algorithm, so that what touches the path touches it. */
export function fileChecksum(path: string, algorithm: ChecksumAlgorithm): Ref<FileChecksum> {
  return { kind: fileChecksumKind, key: `${normalizePath(path)}//${algorithm}` };
}
