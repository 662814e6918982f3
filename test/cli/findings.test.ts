import { describe, expect, test } from 'vitest'
import { printFindings, withoutDash, type Finding, type Findings } from '../../cli/findings.ts'
import { Terminal } from '../../cli/terminal.ts'

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
const printed = (list: readonly Finding[], unassessed: readonly string[] = []): string => {
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
    expect(printed([], ['risk'])).toContain(
      'В зоне риска: не оценивалась: у показателей нет стандартной ошибки или числа участников',
    )
    expect(printed([], ['objectivity'])).toContain(
      'Признаки необъективности: не оценивались: нет ни отметок учеников, ни баллов за работы',
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
