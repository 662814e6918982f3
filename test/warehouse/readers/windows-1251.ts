/** windows-1251 of Russian and Latin text. */
export const windows1251 = (text: string): Buffer =>
  Buffer.from(
    Array.from({ length: text.length }, (_, i) => {
      const code = text.charCodeAt(i)
      if (code < 128) return code
      const special: Readonly<Record<string, number>> = { Ё: 0xa8, ё: 0xb8, '№': 0xb9 }
      return special[text.charAt(i)] ?? code - 0x410 + 0xc0
    }),
  )
