import { deflateRawSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { FileUnreadable } from '../../../warehouse/errors.ts'
import { readWorkbook } from '../../../warehouse/readers/index.ts'
import { Zip } from '../../../warehouse/readers/zip.ts'
import { zipped } from './archive.ts'

const limits = { entry: 1 << 20, total: 2 << 20, entries: 10 }
const code = (work: () => unknown): string => {
  try {
    work()
    return 'nothing'
  } catch (error) {
    if (error instanceof FileUnreadable) return error.code
    throw error
  }
}
/** Changes the sizes that an archive of one file declares, and nothing else. */
const withDeclaredSize = (archive: Buffer, size: number): Buffer => {
  const forged = Buffer.from(archive)
  forged.writeUInt32LE(size, 22)
  forged.writeUInt32LE(size, forged.indexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02])) + 24)
  return forged
}

describe('Zip', () => {
  it('unpacks what it declares', () => {
    const zip = new Zip(zipped({ 'a.txt': 'привет', 'б/в.txt': 'x'.repeat(5000) }), limits)
    expect(zip.names).toEqual(['a.txt', 'б/в.txt'])
    expect(zip.read('a.txt').toString()).toBe('привет')
    expect(zip.read('б/в.txt').length).toBe(5000)
  })

  it('refuses an archive that declares more than the limit, before unpacking', () => {
    expect(code(() => new Zip(zipped({ bomb: '0'.repeat(1_100_000) }), limits))).toBe(
      'file-too-big',
    )
  })

  it('refuses many files that are too big together', () => {
    const parts = Object.fromEntries(['a', 'b', 'c'].map((name) => [name, '0'.repeat(900_000)]))
    expect(code(() => new Zip(zipped(parts), limits))).toBe('file-too-big')
  })

  it('stops when an entry unpacks to more than it declares', async () => {
    const forged = withDeclaredSize(zipped({ bomb: '0'.repeat(3_000_000) }), 1000)
    const zip = new Zip(forged, limits)
    expect(code(() => zip.read('bomb'))).toBe('file-corrupt')
    const stream = async (): Promise<number> => {
      let seen = 0
      for await (const piece of zip.stream('bomb')) seen += piece.length
      return seen
    }
    await expect(stream()).rejects.toMatchObject({ code: 'file-corrupt' })
  })

  it('refuses an archive with too many files', () => {
    const parts = Object.fromEntries(Array.from({ length: 11 }, (_, i) => [`f${String(i)}`, '']))
    expect(code(() => new Zip(zipped(parts), limits))).toBe('file-corrupt')
  })

  it('refuses an archive cut anywhere', () => {
    const whole = zipped({ 'a.txt': 'x'.repeat(2000), 'b.txt': 'y' })
    for (const length of [10, 40, whole.length - 30, whole.length - 1])
      expect(code(() => new Zip(whole.subarray(0, length), limits))).toBe('file-corrupt')
  })

  it('refuses damaged bytes inside', () => {
    const whole = zipped({
      'a.txt': Array.from({ length: 2000 }, (_, i) => String(i * 7919)).join(),
    })
    whole.fill(0xff, 60, 160)
    expect(code(() => new Zip(whole, limits).read('a.txt'))).toBe('file-corrupt')
  })

  it('refuses an encrypted entry', () => {
    const whole = zipped({ 'a.txt': 'secret' })
    const at = whole.indexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02]))
    whole.writeUInt16LE(1, at + 8)
    expect(code(() => new Zip(whole, limits))).toBe('file-encrypted')
  })
})

describe('readWorkbook(input) on bombs', () => {
  it('refuses a gzip that unpacks beyond the limit', async () => {
    const { gzipSync } = await import('node:zlib')
    await expect(readWorkbook(gzipSync(Buffer.alloc(3 << 20)), limits)).rejects.toMatchObject({
      code: 'file-too-big',
    })
  })

  it('refuses a binary workbook before the library that would unpack it without a limit', async () => {
    const bomb = withDeclaredSize(zipped({ 'xl/workbook.bin': '0'.repeat(3_000_000) }), 500)
    await expect(readWorkbook(bomb, limits)).rejects.toMatchObject({ code: 'file-corrupt' })
    expect(deflateRawSync(Buffer.alloc(3_000_000)).length).toBeLessThan(5000)
  })
})
