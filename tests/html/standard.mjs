// Prints, for each encoding of the Encoding Standard, the SHA-256 of what its decoder makes of every character; with
// "big5", the pairs and characters of that encoding. test_encodings.py holds khobor to the digests, and makes the same
// bytes. Needs a decoder that follows the standard; Node's own does not for all encodings:
//
//     npm install @exodus/bytes@1.16.0 && node standard.mjs

import { createHash } from 'node:crypto'
import { TextDecoder } from '@exodus/bytes/encoding.js'

const LINE = 0x0a
const several = ['big5', 'euc-jp', 'euc-kr', 'gb18030', 'gbk', 'iso-2022-jp', 'shift_jis']
const single = [
  'ibm866', 'koi8-r', 'koi8-u', 'macintosh', 'windows-874', 'x-mac-cyrillic', 'x-user-defined', 'iso-8859-8-i',
  ...[2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16].map((part) => `iso-8859-${part}`),
  ...[0, 1, 2, 3, 4, 5, 6, 7, 8].map((page) => `windows-125${page}`),
]

const range = (first, last) => Array.from({ length: last - first + 1 }, (_, index) => first + index)
const pairs = (leads, trails) => leads.flatMap((lead) => trails.map((trail) => [lead, trail]))

function characters(encoding) {
  const bytes = range(0, 0xff)
  if (!several.includes(encoding)) return bytes.map((byte) => [byte])
  if (encoding === 'iso-2022-jp') {
    const kanji = pairs(range(0x21, 0x7e), range(0x21, 0x7e)).map((pair) => [0x1b, 0x24, 0x42, ...pair, 0x1b, 0x28, 0x42])
    const others = pairs([0x49, 0x4a], range(0, 0x7f)).map(([set, byte]) => [0x1b, 0x28, set, byte, 0x1b, 0x28, 0x42])
    return [...kanji, ...others]
  }
  const found = pairs(range(0x80, 0xff), bytes)
  if (encoding === 'euc-jp') found.push(...pairs(range(0xa1, 0xfe), range(0xa1, 0xfe)).map((pair) => [0x8f, ...pair]))
  if (encoding === 'gb18030') {
    const digits = range(0x30, 0x39)
    for (const first of pairs([0x81, 0x82, 0x83, 0x84, 0x90, 0xe3], digits)) {
      found.push(...pairs(range(0x81, 0xfe), digits).map((second) => [...first, ...second]))
    }
  }
  return found
}

const decode = (encoding, bytes) => new TextDecoder(encoding, { ignoreBOM: true }).decode(new Uint8Array(bytes))
if (process.argv[2]) {
  for (const bytes of characters(process.argv[2])) {
    console.log(bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('').toUpperCase(), decode(process.argv[2], bytes))
  }
} else {
  for (const encoding of [...single, ...several].sort()) {
    const text = decode(encoding, characters(encoding).flatMap((bytes) => [...bytes, LINE]))
    console.log(encoding, createHash('sha256').update(text).digest('hex').slice(0, 16))
  }
}
