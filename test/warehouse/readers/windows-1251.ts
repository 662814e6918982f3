/** windows-1251 of Russian and Latin text. */
export const windows1251 = (text: string): Buffer =>
  Buffer.from(
    [...text].map((letter) => {
      const code = letter.charCodeAt(0)
      if (code < 128) return code
      if (letter === 'Ё') return 0xa8
      if (letter === 'ё') return 0xb8
      if (letter === '№') return 0xb9
      return code - 0x410 + 0xc0
    }),
  )
