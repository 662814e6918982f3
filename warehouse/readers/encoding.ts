import { isAscii, isUtf8 } from 'node:buffer'

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1251'

/** Decodes by byte order mark, else strictly as UTF-8, else as windows-1251, the only other encoding that offices send. */
export const decodeText = (
  bytes: Buffer,
): { readonly text: string; readonly encoding: Encoding } => {
  if (isAscii(bytes) && !bytes.includes(0))
    return { text: bytes.toString('latin1'), encoding: 'utf-8' }
  const encoding = encodingOf(bytes)
  return { text: new TextDecoder(encoding).decode(bytes), encoding }
}

const encodingOf = (bytes: Buffer): Encoding => {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  const wide = wideWithoutMark(bytes)
  if (wide !== undefined) return wide
  return isUtf8(bytes) ? 'utf-8' : 'windows-1251'
}

/** UTF-16 without a mark: separators and digits leave every other byte zero. */
const wideWithoutMark = (bytes: Buffer): Encoding | undefined => {
  const sample = bytes.subarray(0, 4096)
  let even = 0
  let odd = 0
  for (let i = 0; i < sample.length; i++)
    if (sample[i] === 0) {
      if (i % 2 === 0) even++
      else odd++
    }
  const enough = sample.length / 16
  const order =
    odd > enough && even === 0 ? 'utf-16le' : even > enough && odd === 0 ? 'utf-16be' : undefined
  if (order === undefined) return undefined
  const text = new TextDecoder(order).decode(sample.subarray(0, sample.length & ~1))
  return noText.test(text) ? undefined : order
}
const noText = /[\u0000-\u0008\u000e-\u001f\ufffd]/
