import { describe, expect, test } from 'vitest'
import {
  printFindings,
  printQuarantine,
  withoutDash,
  type Finding,
  type Findings,
} from '../../cli/findings.ts'
import { Terminal } from '../../cli/terminal.ts'
import type { FileReport, FileStatus } from '../../warehouse/land.ts'

const finding = (school_key: string, text: string): Finding => ({
  kind: 'risk',
  kind_label: 'Зона риска',
  school_key,
  school_name: `Школа ${school_key}`,
  indicator: 'pass_rate',
  procedure: 'vpr',
  subject: 'all',
  text,
})
const printed = (list: readonly Finding[], unassessed: Findings['unassessed'] = {}): string => {
  let text = ''
  const stream = {
    write: (more: string | Uint8Array) => {
      text += String(more)
      return true
    },
  }
  const findings: Findings = Object.assign([...list], { unassessed })
  printFindings(new Terminal({ out: stream, err: stream, json: false, plain: true }), findings)
  return text
}

describe('findings in the terminal', () => {
  test('a kind that found nobody is told from a kind that could not be assessed', () => {
    expect(printed([])).toContain('В зоне риска: никто')
    expect(printed([], { risk: 'не оценивалась: нет числа учеников' })).toContain(
      'В зоне риска: не оценивалась: нет числа учеников',
    )
    expect(printed([], { objectivity: 'не оценивались: нет отметок' })).toContain(
      'Признаки необъективности: не оценивались: нет отметок',
    )
    expect(printed([finding('1', 'ниже')])).toContain('В зоне риска: 1\u00a0школа')
  })
  test('an indicator of no procedure has no dash in brackets', () => {
    expect(withoutDash('Посещаемость (—, все предметы): 91 %')).toBe('Посещаемость: 91 %')
    expect(withoutDash('Охват (—, математика): 5 %')).toBe('Охват (математика): 5 %')
    expect(withoutDash('Успеваемость (ВПР, все предметы): 5 %')).toBe(
      'Успеваемость (ВПР, все предметы): 5 %',
    )
  })
})

describe('what was not taken', () => {
  const file = (path: string, status: FileStatus, message: string): FileReport => ({
    ...{ path, sha256: path, status, sheets: [] },
    problems: [{ sheet: '', cell: null, code: 'c', message, severity: 'error' }],
  })
  const told = (files: readonly FileReport[]): string => {
    let text = ''
    const stream = { write: (more: string | Uint8Array) => ((text += String(more)), true) }
    const terminal = new Terminal({ out: stream, err: stream, json: false, plain: true })
    printQuarantine(terminal, { files }, [])
    return text
  }
  test('names refused files and those that no form claims', () => {
    const files = [
      file('in/Меню.xlsx', 'unrecognised', 'ни одна известная форма не подходит'),
      ...['1', '2', '3', '4'].map((name) => file(`in/${name}.xlsx`, 'refused', 'файл повреждён')),
      file('in/Ф1.xlsx', 'loaded', ''),
    ]
    expect(told(files)).toMatch(/отклонённых файлов: 4, нераспознанных файлов: 1\n/)
    expect(told(files)).toContain('    4.xlsx — файл повреждён\n')
    expect(told(files)).toContain('    Меню.xlsx — ни одна известная форма не подходит\n')
    expect(told(files)).not.toContain('Ф1.xlsx')
    const more = ['5', '6', '7', '8', '9'].map((name) => file(`${name}.xlsx`, 'refused', ''))
    expect(told([...files, ...more])).toMatch(/… и ещё 2\sфайла\n$/)
  })
})
