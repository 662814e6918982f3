import { describe, expect, test } from 'vitest'
import { Terminal, table } from '../../cli/terminal.ts'

const stream = (isTTY: boolean, columns = 40) => {
  const texts: string[] = []
  return {
    isTTY,
    columns,
    write: (text: string | Uint8Array, done?: (error?: Error | null) => void) => {
      texts.push(String(text))
      done?.()
      return true
    },
    text: () => texts.join(''),
  }
}

describe('Terminal', () => {
  test('a stage in a log is one line, said when it ends', () => {
    const [out, err] = [stream(false), stream(false)]
    const terminal = new Terminal({ out, err, json: false })
    const stage = terminal.stage('Чтение')
    stage.progress(1, 2)
    expect(err.text()).toBe('')
    stage.done('2 файла')
    expect(err.text()).toMatch(/^✓ Чтение: 2 файла \(.+\)\n$/)
    expect(out.text()).toBe('')
  })
  test('a stage on a terminal is a line that is rewritten and never wider than the terminal', () => {
    const [out, err] = [stream(true), stream(true)]
    const terminal = new Terminal({ out, err, json: false })
    terminal.stage('Очень длинное название стадии, которое не помещается')
    expect(err.text().length).toBeLessThan(40)
    terminal.note('сообщение')
    expect(err.text()).toContain('\r\u001b[2Kсообщение\n')
  })
  test('a terminal that does not know its width gets the line whole', () => {
    const [out, err] = [stream(true), stream(true, 0)]
    new Terminal({ out, err, json: false }).stage('Чтение файлов')
    expect(err.text()).toBe('Чтение файлов…')
  })
  test('with JSON the result for people goes beside it', async () => {
    const [out, err] = [stream(false), stream(false)]
    const terminal = new Terminal({ out, err, json: true })
    terminal.print('строка')
    await terminal.raw('{}\n')
    expect([out.text(), err.text()]).toEqual(['{}\n', 'строка\n'])
  })
  test('no colour goes where nobody sees it', () => {
    const [out, err] = [stream(false), stream(false)]
    expect(new Terminal({ out, err, json: false }).paint('red', 'текст')).toBe('текст')
    const lively = { out: stream(true), err: stream(true), json: false }
    expect(new Terminal(lively).paint('red', 'текст')).toBe('\u001b[31mтекст\u001b[0m')
    expect(new Terminal({ ...lively, plain: true }).paint('red', 'текст')).toBe('текст')
  })
})

describe('table(header, rows, right)', () => {
  test('sets columns side by side, numbers to the right', () => {
    expect(
      table(
        ['имя', 'n'],
        [
          ['а', '1'],
          ['бвгд', '100'],
        ],
        [false, true],
      ),
    ).toBe(['имя     n', '────  ───', 'а       1', 'бвгд  100'].join('\n'))
  })
})
