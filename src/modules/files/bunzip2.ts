/** Unpacks bzip2. Throws RangeError where the bytes are none. */
export function bunzip2(bytes: Buffer): Buffer {
  const blocks: Buffer[] = [];
  const bits = new Bits(bytes);
  do {
    if (bits.take(24) !== 0x425a68) throw new RangeError("these bytes are not bzip2");
    const limit = (bits.take(8) - 48) * 100_000;
    for (;;) {
      const high = bits.take(24);
      const low = bits.take(24);
      if (high === 0x177245 && low === 0x385090) break;
      if (high !== 0x314159 || low !== 0x265359) throw new RangeError("a block of the bzip2 data is damaged");
      blocks.push(readBlock(bits, limit));
    }
    bits.take(32);
    bits.align();
  } while (bits.left() >= 14);
  return Buffer.concat(blocks);
}

class Bits {
  readonly #bytes: Buffer;
  #at = 0;
  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }
  /** The next bits, at most 32, as a number. */
  take(count: number): number {
    let value = 0;
    for (let left = count; left > 0; ) {
      const byte = this.#bytes[this.#at >> 3];
      if (byte === undefined) throw new RangeError("the bzip2 data ends too early");
      const offset = this.#at & 7;
      const step = Math.min(left, 8 - offset);
      value = value * 2 ** step + ((byte >> (8 - offset - step)) & ((1 << step) - 1));
      this.#at += step;
      left -= step;
    }
    return value;
  }
  align(): void {
    this.#at = (this.#at + 7) & ~7;
  }
  left(): number {
    return this.#bytes.length - (this.#at >> 3);
  }
}

/** One block: Huffman codes, move-to-front, runs, and the sorted rotations turned back. */
function readBlock(bits: Bits, limit: number): Buffer {
  bits.take(32);
  if (bits.take(1) === 1) throw new RangeError("randomised blocks of old bzip2 are not known");
  const origin = bits.take(24);
  const symbols = readSymbols(bits);
  const groups = bits.take(3);
  const selectors = readSelectors(bits, groups);
  const tables = Array.from({ length: groups }, () => readTable(bits, symbols.length + 2));
  const last = readRuns(bits, symbols, selectors, tables, limit);
  return unrun(rotateBack(last, origin));
}

function readSymbols(bits: Bits): number[] {
  const used = bits.take(16);
  const symbols: number[] = [];
  for (let row = 0; row < 16; row += 1) {
    if (((used >> (15 - row)) & 1) === 0) continue;
    const columns = bits.take(16);
    for (let column = 0; column < 16; column += 1) if ((columns >> (15 - column)) & 1) symbols.push(row * 16 + column);
  }
  return symbols;
}

function readSelectors(bits: Bits, groups: number): number[] {
  const count = bits.take(15);
  const order = Array.from({ length: groups }, (_, index) => index);
  return Array.from({ length: count }, () => {
    let place = 0;
    while (bits.take(1) === 1) place += 1;
    const [group = 0] = order.splice(place, 1);
    order.unshift(group);
    return group;
  });
}

/** A table of codes: by length and code the symbol. */
function readTable(bits: Bits, size: number): Map<number, number> {
  let length = bits.take(5);
  const lengths = Array.from({ length: size }, () => {
    while (bits.take(1) === 1) length += bits.take(1) === 0 ? 1 : -1;
    return length;
  });
  const table = new Map<number, number>();
  let code = 0;
  for (let wanted = 1; wanted <= 20; wanted += 1) {
    lengths.forEach((one, symbol) => {
      if (one === wanted) table.set(wanted * 2 ** 21 + code++, symbol);
    });
    code *= 2;
  }
  return table;
}

function readRuns(
  bits: Bits,
  symbols: readonly number[],
  selectors: readonly number[],
  tables: readonly Map<number, number>[],
  limit: number,
): Uint8Array {
  const block = new Uint8Array(limit);
  const order = [...symbols];
  let size = 0;
  let run = 0;
  let weight = 1;
  for (let count = 0; ; count += 1) {
    const table = tables[selectors[Math.floor(count / 50)] ?? 0];
    const symbol = readCode(bits, table ?? new Map<number, number>());
    if (symbol <= 1) {
      run += weight * (symbol + 1);
      weight *= 2;
      continue;
    }
    if (run > 0) {
      if (size + run > limit) throw new RangeError("a block of the bzip2 data is too long");
      block.fill(order[0] ?? 0, size, size + run);
      size += run;
      run = 0;
      weight = 1;
    }
    if (symbol === symbols.length + 1) return block.subarray(0, size);
    const [byte = 0] = order.splice(symbol - 1, 1);
    order.unshift(byte);
    if (size >= limit) throw new RangeError("a block of the bzip2 data is too long");
    block[size] = byte;
    size += 1;
  }
}

function readCode(bits: Bits, table: Map<number, number>): number {
  let code = 0;
  for (let length = 1; length <= 20; length += 1) {
    code = code * 2 + bits.take(1);
    const symbol = table.get(length * 2 ** 21 + code);
    if (symbol !== undefined) return symbol;
  }
  throw new RangeError("a code of the bzip2 data is damaged");
}

/** The text whose sorted rotations end with these bytes. */
function rotateBack(last: Uint8Array, origin: number): Uint8Array {
  const starts = new Uint32Array(257);
  for (const byte of last) starts[byte + 1] = (starts[byte + 1] ?? 0) + 1;
  for (let byte = 0; byte < 256; byte += 1) starts[byte + 1] = (starts[byte + 1] ?? 0) + (starts[byte] ?? 0);
  const next = new Uint32Array(last.length);
  last.forEach((byte, at) => {
    const place = starts[byte] ?? 0;
    starts[byte] = place + 1;
    next[place] = at;
  });
  const text = new Uint8Array(last.length);
  let at = next[origin] ?? 0;
  for (let index = 0; index < text.length; index += 1) {
    text[index] = last[at] ?? 0;
    at = next[at] ?? 0;
  }
  return text;
}

/** Four equal bytes are followed by a count of further ones. */
function unrun(text: Uint8Array): Buffer {
  const parts: Buffer[] = [];
  let from = 0;
  let same = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (same === 4) {
      parts.push(Buffer.from(text.subarray(from, at)), Buffer.alloc(text[at] ?? 0, text[at - 1]));
      from = at + 1;
      same = 0;
    } else same = at > from && text[at] === text[at - 1] ? same + 1 : 1;
  }
  parts.push(Buffer.from(text.subarray(from)));
  return Buffer.concat(parts);
}
