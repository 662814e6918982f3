import { calendarDate, type Shape } from '../transforms/contract/shape.ts'
import type { Source } from '../transforms/contract/source.ts'
import type { Catalog } from './catalog.ts'
import { UsageError } from './errors.ts'

/** Facts by name. `delivered_on` (date) and `supersedes` (file name or SHA-256) also tell which of two files stands; an empty one takes an earlier one back. */
export type Facts = Readonly<Record<string, string>>

/** Facts that need no field of a form. */
export const ofAnyFile: readonly string[] = ['delivered_on', 'supersedes', 'scope']

/** What was said first and what was said after it, which stands. */
export const mergedFacts = (before: Facts, after: Facts): Facts =>
  Object.fromEntries(Object.entries({ ...before, ...after }).filter(([, value]) => value !== ''))

/** Throws where a fact is none: `where` is «--fact» or a file. */
export type FactRules = (facts: Facts, where: string) => void

/** Facts that the forms of a catalog can use. @throws UsageError naming what may be said. */
export const factRules = ({ sources, steps }: Pick<Catalog, 'sources' | 'steps'>): FactRules => {
  const shapes = new Map<string, Shape[]>()
  for (const { form } of sources)
    for (const [name, { shape }] of Object.entries(form.fields))
      shapes.set(name, [...(shapes.get(name) ?? []), shape])
  const scopes = new Set(
    steps.flatMap((step) => (step.kind === 'parameter' ? step.rows.map(({ scope }) => scope) : [])),
  )
  const names = (): string => [...new Set([...ofAnyFile, ...sources.flatMap(toldOf)])].join(', ')
  return (facts, where) => {
    for (const [name, value] of Object.entries(facts)) {
      if (name === 'supersedes') continue
      const expected = expectedOf(name, shapes, scopes)
      if (expected === undefined)
        throw new UsageError({
          code: 'fact-unknown',
          message: `${where}: сведений «${name}» не бывает`,
          hint: `бывают: ${names()}`,
        })
      if (value === '' || expected.some((shape) => shape.parse(value.trim()) !== undefined))
        continue
      throw new UsageError({
        code: 'fact-invalid',
        message: `${where}: ${name}=${value} не подходит, ожидалось: ${expectations(expected.map((shape) => shape.expected)).join(' или ')}`,
        hint: `исправьте значение; снять сказанное раньше — ${name}= без значения`,
      })
    }
  }
}

/** What forms expect, each once: ranges of the same words that overlap are one. */
const expectations = (texts: readonly string[]): readonly string[] => {
  const found: { kind: string; from: number; to: number }[] = []
  for (const text of texts) {
    const [, kind = text, from = '0', to = '0'] = /^(.*) от (\d+) до (\d+)$/.exec(text) ?? []
    const next = { kind, from: Number(from), to: Number(to) }
    const same = found.find(
      (each) => each.kind === kind && each.from <= next.to && next.from <= each.to,
    )
    if (same === undefined) found.push(next)
    else {
      same.from = Math.min(same.from, next.from)
      same.to = Math.max(same.to, next.to)
    }
  }
  return found.map(({ kind, from, to }) =>
    to === 0 ? kind : `${kind} от ${String(from)} до ${String(to)}`,
  )
}

const expectedOf = (
  name: string,
  shapes: ReadonlyMap<string, readonly Shape[]>,
  scopes: ReadonlySet<string>,
): readonly Shape[] | undefined => {
  if (name === 'delivered_on') return [{ ...calendarDate, expected: 'дата вида 2026-06-20' }]
  if (name === 'scope')
    return [
      {
        expected: [...scopes].sort().join(' или '),
        parse: (text) => (scopes.has(text) ? text : undefined),
      },
    ]
  return shapes.get(name)
}

/** Fields that no column of the form holds, so that somebody has to tell them. */
const toldOf = ({ form }: Source): readonly string[] => {
  const held = new Set([
    ...form.headers.flatMap(({ map }) => Object.values(map)),
    ...(form.personal ?? []).flatMap((rule) => (rule.action === 'hash' ? [rule.into] : [])),
  ])
  return Object.keys(form.fields).filter((name) => name === form.year || !held.has(name))
}
