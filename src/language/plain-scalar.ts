/**
 * What a plain (unquoted) scalar means: YAML 1.2's core schema. `yes`, `no`, `on`, `off`, dates and `12:30` are text;
 * `0644` is the number 644, which is why its source text is kept beside it.
 */
export function readPlainScalar(text: string): null | boolean | number | string {
  const first = text.charCodeAt(0);
  if (text === "" || text === "~") return null;
  if (first === 110 || first === 78) return /^(?:null|Null|NULL)$/.test(text) ? null : text;
  if (first === 116 || first === 84) return /^(?:true|True|TRUE)$/.test(text) ? true : text;
  if (first === 102 || first === 70) return /^(?:false|False|FALSE)$/.test(text) ? false : text;
  if ((first >= 48 && first <= 57) || first === 43 || first === 45 || first === 46) return readNumber(text);
  return text;
}

function readNumber(text: string): number | string {
  if (/^[-+]?[0-9]+$/.test(text)) return Number(text);
  if (/^0o[0-7]+$/.test(text) || /^0x[0-9a-fA-F]+$/.test(text)) return Number(text);
  if (/^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/.test(text)) return Number(text);
  const special = /^([-+]?)\.(?:inf|Inf|INF)$/.exec(text);
  if (special !== null) return special[1] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  if (/^\.(?:nan|NaN|NAN)$/.test(text)) return Number.NaN;
  return text;
}
