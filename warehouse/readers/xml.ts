import { decodeText } from './encoding.ts'

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** Character references and Excel's own `_x000D_`. */
export const decodeXml = (text: string): string => {
  let out = text
  if (out.includes('&'))
    out = out.replace(
      /&(?:#x([\da-fA-F]+)|#(\d+)|(\w+));/g,
      (all, hex?: string, dec?: string, name?: string) =>
        name !== undefined
          ? (named[name] ?? all)
          : character(hex === undefined ? Number(dec) : Number.parseInt(hex, 16)),
    )
  return out.includes('_x')
    ? out.replace(/_x([\da-fA-F]{4})_/g, (_, hex: string) => character(Number.parseInt(hex, 16)))
    : out
}
const character = (code: number): string =>
  code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd'

/** Value of a tag's attribute; `name` is a part of a pattern. */
export const attribute = (tag: string, name: string): string | undefined => {
  const found = new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(tag)
  return found?.[1] ?? found?.[2]
}

/** An XML part as text, without namespace prefixes on spreadsheet elements. */
export const xmlText = (bytes: Buffer): string => withoutPrefix(decodeText(bytes).text)

/** Some programs write `<x:row>`; the prefix is the root's. */
export const withoutPrefix = (xml: string, prefix = rootPrefix(xml)): string =>
  prefix === undefined ? xml : xml.replaceAll(`<${prefix}:`, '<').replaceAll(`</${prefix}:`, '</')
export const rootPrefix = (xml: string): string | undefined =>
  /<(\w+):(?:worksheet|workbook|sst|styleSheet)\b/.exec(xml.slice(0, 4096))?.[1]

/** Texts of the shared strings: runs joined, phonetic hints left out. */
export const stringItems = (xml: string): readonly string[] => {
  const items: string[] = []
  let at = xml.indexOf('<si')
  while (at >= 0) {
    const open = xml.indexOf('>', at)
    if (open < 0) break
    if (xml.charCodeAt(open - 1) === 47) {
      items.push('')
      at = xml.indexOf('<si', open)
      continue
    }
    const end = xml.indexOf('</si>', open)
    if (end < 0) break
    items.push(richText(xml.slice(open + 1, end)))
    at = xml.indexOf('<si', end)
  }
  return items
}

/** Text of `<t>` elements, joined. */
export const richText = (xml: string): string => {
  const plain = xml.includes('<rPh') ? xml.replace(/<rPh\b[\s\S]*?<\/rPh>/g, '') : xml
  let out = ''
  let at = plain.indexOf('<t')
  while (at >= 0) {
    const open = plain.indexOf('>', at)
    if (open < 0) break
    const after = plain.charCodeAt(at + 2)
    const isText = after === 62 || after === 32 || after === 47
    if (isText && plain.charCodeAt(open - 1) !== 47) {
      const end = plain.indexOf('</t>', open)
      if (end < 0) break
      out += plain.slice(open + 1, end)
      at = plain.indexOf('<t', end)
    } else at = plain.indexOf('<t', open)
  }
  return decodeXml(out)
}
