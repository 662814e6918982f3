import { readFile } from 'node:fs/promises'
import { gunzipSync } from 'node:zlib'
import { FileUnreadable, MeraError } from '../errors.ts'
import { readCsv } from './csv.ts'
import { isCompound, readLegacy } from './legacy.ts'
import type { Sheet } from './sheet.ts'
import { readXlsx } from './xlsx.ts'
import { defaultLimits, encrypted, fileCorrupt, fileTooBig, Zip, type Limits } from './zip.ts'

export type { GridRow, Merge, Sheet } from './sheet.ts'
export { cellName, cleanText } from './sheet.ts'

/**
 * Reads a workbook or text file, told by its first bytes and never by its name.
 * @throws FileUnreadable when it is of no bytes, corrupt, cut, encrypted or too big unpacked; it names the file when a path was given.
 */
export const readWorkbook = async (
  input: string | Buffer,
  limits: Limits = defaultLimits,
): Promise<readonly Sheet[]> => {
  try {
    const book = await sheets(typeof input === 'string' ? await readFile(input) : input, limits)
    if (!book.some(isFilled)) throw blank()
    return book
  } catch (error) {
    const file = typeof input === 'string' ? input : undefined
    if (error instanceof FileUnreadable) {
      const { code, message, hint, cause } = error
      throw new FileUnreadable({ code, message, hint, file, cause })
    }
    if (error instanceof MeraError) throw error
    throw new FileUnreadable({
      code: 'file-unreadable',
      message: 'файл не читается',
      hint: 'откройте его в программе, где он сделан, и сохраните заново',
      file,
      cause: error,
    })
  }
}

const isFilled = ({ rows }: Sheet): boolean =>
  rows.some((row) => row.some((cell) => cell !== null && cell.trim() !== ''))
const blank = (): FileUnreadable =>
  new FileUnreadable({
    code: 'file-blank',
    message: 'в файле нет ни одной заполненной ячейки',
    hint: 'откройте его: тот ли это файл; если данные в нём должны быть, получите его заново',
  })

const sheets = async (bytes: Buffer, limits: Limits): Promise<readonly Sheet[]> => {
  if (bytes.length === 0)
    throw new FileUnreadable({
      code: 'file-empty',
      message: 'файл пуст: в нём ни одного байта',
      hint: 'получите его у отправителя заново: содержимое потерялось при передаче',
    })
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return sheets(gunzip(bytes, limits), limits)
  if (isNoTable(bytes)) throw notTable()
  if (bytes.length >= 4 && bytes.readUInt32LE(0) === 0x04034b50) return zipped(bytes, limits)
  if (isCompound(bytes) || isTable(bytes) || isDbf(bytes)) return readLegacy(bytes, limits)
  return [readCsv(bytes)]
}

const zipped = async (bytes: Buffer, limits: Limits): Promise<readonly Sheet[]> => {
  const zip = new Zip(bytes, limits)
  if (zip.has('EncryptedPackage')) throw encrypted()
  if (zip.has('xl/workbook.bin') || zip.has('content.xml')) return readLegacy(bytes, limits)
  if (zip.names.some((name) => /^(?:word|ppt)\//.test(name))) throw notTable()
  if (zip.has('[Content_Types].xml')) return readXlsx(bytes, limits)
  throw new FileUnreadable({
    code: 'file-archive',
    message: 'это архив, а не таблица',
    hint: 'распакуйте его и передайте файлы из него',
  })
}

/** Documents, pictures and programs that lie beside tables. */
const isNoTable = (bytes: Buffer): boolean =>
  /^(?:%PDF|\x89PNG|\xff\xd8\xff|GIF8|Rar!|7z\xbc\xaf|\{\\rtf|MZ|\x7fELF)/.test(
    bytes.toString('latin1', 0, 8),
  ) ||
  (isCompound(bytes) && bytes.includes(wordPart))
const wordPart = Buffer.from('WordDocument', 'utf16le')
const notTable = (): FileUnreadable =>
  new FileUnreadable({
    code: 'file-not-table',
    message: 'это не таблица',
    hint: 'загружаются книги Excel, OpenDocument, dBASE и текстовые таблицы',
  })

const gunzip = (bytes: Buffer, limits: Limits): Buffer => {
  try {
    return gunzipSync(bytes, { maxOutputLength: limits.entry })
  } catch (error) {
    if (error instanceof RangeError) throw fileTooBig(limits.entry)
    throw fileCorrupt('сжатие gzip', error)
  }
}

/** HTML or XML that spreadsheets take for a table. */
const isTable = (bytes: Buffer): boolean =>
  /^(?:\ufeff|ï»¿)?\s*<(?:!doctype|html|table|\?xml|meta|head)/i.test(
    bytes.toString('latin1', 0, 256),
  )

/** dBASE: version, plausible date of change, header length that fits its field count, end mark. */
const isDbf = (bytes: Buffer): boolean => {
  if (
    bytes.length < 65 ||
    ![0x02, 0x03, 0x30, 0x31, 0x43, 0x83, 0x8b, 0xf5].includes(bytes[0] ?? 0)
  )
    return false
  const header = bytes.readUInt16LE(8)
  const month = bytes[2] ?? 0
  const day = bytes[3] ?? 0
  return (
    header >= 65 && header <= bytes.length && month <= 12 && day <= 31 && bytes.readUInt16LE(10) > 0
  )
}
