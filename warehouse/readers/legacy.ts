import { MeraError, type FileUnreadable } from '../errors.ts'
import { decodeText } from './encoding.ts'
import { cleanText, numberText, type GridRow, type Sheet } from './sheet.ts'
import { encrypted, fileCorrupt, fileTooBig, Zip, type Limits } from './zip.ts'

/** Reads .xls, .xlsb, .ods, .dbf, and tables in HTML or XML that go by the name .xls. */
export const readLegacy = async (bytes: Buffer, limits?: Limits): Promise<readonly Sheet[]> => {
  if (bytes.readUInt16LE(0) === 0x4b50) inflateOnce(bytes, limits)
  if (isCompound(bytes) && bytes.includes(encryptedPart)) throw encrypted()
  const library = await import('@e965/xlsx')
  const codepages = (await import('@e965/xlsx/dist/cpexcel.full.mjs')) as object
  library.set_cptable(codepages)
  const options = { cellDates: false, cellNF: true, cellHTML: false, cellFormula: true } as const
  try {
    const book =
      bytes[0] === 0x3c || bytes[0] === 0xef
        ? library.read(decodeText(bytes).text, { ...options, type: 'string', raw: true })
        : library.read(bytes, { ...options, type: 'buffer', codepage: 1251 })
    return book.SheetNames.map((name, index) => {
      const sheet = book.Sheets[name]
      const properties = book.Workbook?.Sheets?.[index]
      const range =
        sheet?.['!ref'] === undefined ? undefined : library.utils.decode_range(sheet['!ref'])
      const rows: GridRow[] = []
      if (sheet !== undefined && range !== undefined)
        for (let r = 0; r <= range.e.r; r++) {
          const row: (string | null)[] = []
          for (let c = 0; c <= range.e.c; c++) {
            const cell = sheet[library.utils.encode_cell({ r, c })] as CellObject | undefined
            row.push(cell === undefined ? null : cellText(cell, library.SSF))
          }
          while (row.length > 0 && row.at(-1) === null) row.pop()
          rows.push(row)
        }
      return {
        name,
        hidden: (properties?.Hidden ?? 0) !== 0,
        rows,
        merges: (sheet?.['!merges'] ?? []).map(({ s, e }) => ({
          top: s.r,
          left: s.c,
          bottom: e.r,
          right: e.c,
        })),
        hiddenColumns: (sheet?.['!cols'] ?? []).flatMap((column, i) =>
          (column as { hidden?: boolean } | undefined)?.hidden === true ? [i] : [],
        ),
      }
    })
  } catch (error) {
    if (error instanceof MeraError) throw error
    throw unreadable(error)
  }
}

interface CellObject {
  readonly t: string
  readonly v?: string | number | boolean | Date
  readonly w?: string
  readonly z?: string | number
  readonly f?: string
}
interface Formats {
  readonly is_date: (format: string) => boolean
  readonly parse_date_code: (serial: number) => {
    y: number
    m: number
    d: number
    H: number
    M: number
    S: number
  }
}

const cellText = (cell: CellObject, formats: unknown): string | null => {
  const { t, v } = cell
  if (v === undefined) return cell.f === undefined ? null : `=${cell.f}`
  if (t === 'e') return cell.w ?? '#ОШИБКА'
  if (typeof v === 'boolean') return v ? 'ИСТИНА' : 'ЛОЖЬ'
  if (v instanceof Date) return v.toISOString().slice(0, 10)
  if (typeof v === 'string') return cleanText(v) === null ? null : v
  const format = typeof cell.z === 'string' ? cell.z : ''
  const ssf = formats as Formats
  if (format !== '' && format !== 'General' && ssf.is_date(format)) {
    const { y, m, d, H, M, S } = ssf.parse_date_code(v)
    const two = (n: number): string => String(Math.floor(n)).padStart(2, '0')
    const time = `${two(H)}:${two(M)}:${two(S)}`
    if (v >= 0 && v < 1) return time
    const day = `${String(y)}-${two(m)}-${two(d)}`
    return time === '00:00:00' ? day : `${day} ${time}`
  }
  return /%/.test(format.replace(/"[^"]*"|\\./g, ''))
    ? `${numberText(Number((v * 100).toPrecision(15)))}%`
    : numberText(v)
}

const encryptedPart = Buffer.from('EncryptedPackage', 'utf16le')
export const isCompound = (bytes: Buffer): boolean =>
  bytes.length >= 8 && bytes.readUInt32BE(0) === 0xd0cf11e0 && bytes.readUInt32BE(4) === 0xa1b11ae1

/** The library unpacks without a limit, so every part is unpacked here once to see that it is as big as it says. */
const inflateOnce = (bytes: Buffer, limits?: Limits): void => {
  const zip = new Zip(bytes, limits)
  for (const name of zip.names) zip.read(name)
}

const unreadable = (error: unknown): FileUnreadable => {
  const text = error instanceof Error ? error.message : ''
  if (/password|encrypt/i.test(text)) return encrypted()
  return error instanceof RangeError && /array length|string length/i.test(text)
    ? fileTooBig(1 << 30)
    : fileCorrupt('формат не распознан', error)
}
