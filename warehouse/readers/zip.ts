import { createInflateRaw, inflateRawSync } from 'node:zlib'
import { FileUnreadable } from '../errors.ts'

/** Sizes past which an archive is taken for a bomb; a workbook of 100,000 × 30 cells has a sheet of about 100 MB. */
export interface Limits {
  /** Bytes of one file after unpacking. */
  readonly entry: number
  /** Bytes of all files of an archive after unpacking. */
  readonly total: number
  readonly entries: number
}
export const defaultLimits: Limits = { entry: 1 << 30, total: 1.5 * (1 << 30), entries: 10_000 }

interface Entry {
  readonly name: string
  readonly method: number
  readonly compressed: number
  readonly size: number
  readonly offset: number
}

const corrupt = (detail: string, cause?: unknown): FileUnreadable =>
  new FileUnreadable({
    code: 'file-corrupt',
    message: 'файл повреждён или передан не полностью',
    hint: 'скачайте или сохраните файл заново',
    cause: new Error(detail, { cause }),
  })
const tooBig = (bytes: number): FileUnreadable =>
  new FileUnreadable({
    code: 'file-too-big',
    message: `содержимое файла после распаковки больше ${(bytes / 1024 / 1024).toLocaleString('ru-RU', { maximumFractionDigits: 0 })} МБ`,
    hint: 'такой файл похож на «архивную бомбу»; если он верен, разделите его на части',
  })

/** A ZIP archive in memory: its directory is checked against the limits at once, each entry again while it is unpacked. */
export class Zip {
  readonly #bytes: Buffer
  readonly #entries: ReadonlyMap<string, Entry>
  readonly #limits: Limits

  constructor(bytes: Buffer, limits: Limits = defaultLimits) {
    this.#bytes = bytes
    this.#limits = limits
    this.#entries = directory(bytes)
    let total = 0
    for (const { size } of this.#entries.values()) {
      total += size
      if (size > limits.entry) throw tooBig(limits.entry)
    }
    if (total > limits.total) throw tooBig(limits.total)
    if (this.#entries.size > limits.entries)
      throw corrupt(`в архиве ${String(this.#entries.size)} файлов`)
  }

  get names(): readonly string[] {
    return [...this.#entries.keys()]
  }
  has(name: string): boolean {
    return this.#entries.has(name)
  }
  /** Declared size after unpacking, bytes. */
  size(name: string): number {
    return this.#entries.get(name)?.size ?? 0
  }

  read(name: string): Buffer {
    const { entry, data } = this.#find(name)
    if (entry.method === 0) return data
    try {
      const inflated = inflateRawSync(data, { maxOutputLength: Math.max(entry.size, 1) })
      if (inflated.length !== entry.size) throw corrupt(name)
      return inflated
    } catch (error) {
      throw error instanceof FileUnreadable ? error : corrupt(name, error)
    }
  }

  /** Unpacks piece by piece, so that a big sheet never stands in memory whole. */
  async *stream(name: string): AsyncGenerator<Buffer> {
    const { entry, data } = this.#find(name)
    if (entry.method === 0) {
      yield data
      return
    }
    const inflate = createInflateRaw({ chunkSize: 1 << 20 })
    inflate.end(data)
    let seen = 0
    try {
      for await (const chunk of inflate as AsyncIterable<Buffer>) {
        seen += chunk.length
        if (seen > entry.size || seen > this.#limits.entry) throw corrupt(name)
        yield chunk
      }
    } catch (error) {
      throw error instanceof FileUnreadable ? error : corrupt(name, error)
    }
    if (seen !== entry.size) throw corrupt(name)
  }

  #find(name: string): { entry: Entry; data: Buffer } {
    const entry = this.#entries.get(name)
    if (entry === undefined) throw corrupt(`нет части ${name}`)
    const { offset } = entry
    const bytes = this.#bytes
    if (offset + 30 > bytes.length || bytes.readUInt32LE(offset) !== 0x04034b50) throw corrupt(name)
    const start = offset + 30 + bytes.readUInt16LE(offset + 26) + bytes.readUInt16LE(offset + 28)
    if (start + entry.compressed > bytes.length) throw corrupt(name)
    if (entry.method !== 0 && entry.method !== 8) throw corrupt(`${name}: неизвестное сжатие`)
    if (entry.method === 0 && entry.compressed !== entry.size) throw corrupt(name)
    return { entry, data: bytes.subarray(start, start + entry.compressed) }
  }
}

const directory = (bytes: Buffer): ReadonlyMap<string, Entry> => {
  const end = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]))
  if (end < 0 || end + 22 > bytes.length) throw corrupt('нет оглавления архива')
  let count = bytes.readUInt16LE(end + 10)
  let at = bytes.readUInt32LE(end + 16)
  const locator = end - 20
  if (
    (at === 0xffffffff || count === 0xffff) &&
    locator >= 0 &&
    bytes.readUInt32LE(locator) === 0x07064b50
  ) {
    const end64 = Number(bytes.readBigUInt64LE(locator + 8))
    if (end64 + 56 > bytes.length) throw corrupt('оглавление архива')
    count = Number(bytes.readBigUInt64LE(end64 + 32))
    at = Number(bytes.readBigUInt64LE(end64 + 48))
  }
  const entries = new Map<string, Entry>()
  for (let i = 0; i < count; i++) {
    if (at + 46 > bytes.length || bytes.readUInt32LE(at) !== 0x02014b50)
      throw corrupt('оглавление архива')
    if ((bytes.readUInt16LE(at + 8) & 1) === 1) throw encrypted()
    const nameLength = bytes.readUInt16LE(at + 28)
    const extraLength = bytes.readUInt16LE(at + 30)
    const name = bytes.toString('utf8', at + 46, at + 46 + nameLength).replaceAll('\\', '/')
    const extra = bytes.subarray(at + 46 + nameLength, at + 46 + nameLength + extraLength)
    entries.set(name.replace(/^\//, ''), {
      name,
      method: bytes.readUInt16LE(at + 10),
      ...wide(
        extra,
        bytes.readUInt32LE(at + 20),
        bytes.readUInt32LE(at + 24),
        bytes.readUInt32LE(at + 42),
      ),
    })
    at += 46 + nameLength + extraLength + bytes.readUInt16LE(at + 32)
  }
  return entries
}

/** ZIP64: fields of the directory that did not fit 32 bits stand in an extra field. */
const wide = (
  extra: Buffer,
  compressed: number,
  size: number,
  offset: number,
): Pick<Entry, 'compressed' | 'size' | 'offset'> => {
  const full = 0xffffffff
  if (size !== full && compressed !== full && offset !== full) return { compressed, size, offset }
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== 1) continue
    let place = at + 4
    const next = (value: number): number => {
      if (value !== full) return value
      if (place + 8 > extra.length) throw corrupt('оглавление архива')
      place += 8
      return Number(extra.readBigUInt64LE(place - 8))
    }
    const wideSize = next(size)
    const wideCompressed = next(compressed)
    return { size: wideSize, compressed: wideCompressed, offset: next(offset) }
  }
  throw corrupt('оглавление архива')
}

export const encrypted = (): FileUnreadable =>
  new FileUnreadable({
    code: 'file-encrypted',
    message: 'файл защищён паролем',
    hint: 'откройте файл в программе, снимите пароль и сохраните заново',
  })
export { corrupt as fileCorrupt, tooBig as fileTooBig }
