import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { Staging } from '../../../transforms/contract/entity.ts'
import { Source } from '../../../transforms/contract/source.ts'
import { compileQuery } from '../../../warehouse/compile.ts'
import { bindStaging, contractOf } from '../../support/bind.ts'

const declared = async (room: string): Promise<unknown[]> => {
  const folder = new URL(`../../../transforms/${room}/`, import.meta.url)
  const files = readdirSync(fileURLToPath(folder)).filter((file) => file.endsWith('.ts'))
  const modules = await Promise.all(
    files.map((file) => import(new URL(file, folder).href) as Promise<object>),
  )
  return modules.flatMap((module) => Object.values(module) as unknown[])
}
const sources = (await declared('sources')).filter((value) => value instanceof Source)
const stagings = (await declared('staging')).filter(
  (value): value is Staging => typeof value === 'object' && value !== null && 'yields' in value,
)

describe('every staging query', () => {
  it.each(stagings)('$name yields exactly the columns of its entity', async (staging) => {
    const { parents } = compileQuery(staging.select())
    const source = sources.find(({ id }) => parents.includes(id))
    if (source === undefined) throw new Error(`${staging.name} reads no source`)
    expect(await bindStaging(staging, source)).toEqual(contractOf(staging.yields))
  })

  it.each(stagings)('$name reads one source and nothing else', (staging) => {
    expect(compileQuery(staging.select()).parents).toHaveLength(1)
  })

  it('leaves no source unread', () => {
    const read = new Set(stagings.flatMap((staging) => compileQuery(staging.select()).parents))
    expect(sources.map(({ id }) => id).filter((id) => !read.has(id))).toEqual([])
  })
})
