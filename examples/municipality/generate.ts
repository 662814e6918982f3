import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { FaultyFiles } from './faults/faulty_files.ts'
import { plantFaultsOfFiles } from './faults/files.ts'
import { plantFaultsOfForm } from './faults/form.ts'
import { splitByLevel, tellOfLevels } from './faults/levels.ts'
import { plantFaultsOfRows, spoilMark } from './faults/rows.ts'
import { deliverUnderHead, spoilSchools, tellOfSchools } from './faults/schools.ts'
import { planFiles, render } from './plan.ts'
import { vprCells } from './results.ts'
import { defaultSchools } from './schools.ts'
import { makeTruth, type Truth } from './truth.ts'
import { makeWorld } from './world.ts'

export interface SampleOptions {
  /** Default 2026. */
  readonly seed?: number
  /** 1–3,000; default 34. */
  readonly schools?: number
  /** First and last school year, by their ends; default 2023–2026. */
  readonly years?: readonly [number, number]
  /** Plant one of every fault that a file can carry. */
  readonly errors?: boolean
}

export interface SampleFile {
  /** Relative to the sample's folder, with `/`. */
  readonly path: string
  readonly bytes: Uint8Array
}

export interface Sample {
  readonly truth: Truth
  /** Number of files that `files` gives, `delivery.json` and `truth.json` included. */
  readonly count: number
  /** Made one at a time; `truth.json` comes last. */
  readonly files: () => Generator<SampleFile>
}

const whole = (option: string, value: number, from: number, to: number): number => {
  if (Number.isInteger(value) && value >= from && value <= to) return value
  throw new RangeError(`${option} must be a whole number from ${from} to ${to}, not ${value}`)
}

/**
 * The synthetic municipality. The same options give the same bytes; nothing in it describes a real
 * school or person. Throws RangeError on an option out of range.
 */
export const generateSample = (options: SampleOptions = {}): Sample => {
  const seed = whole('seed', options.seed ?? 2026, 0, 4_294_967_295)
  const schools = whole('schools', options.schools ?? defaultSchools, 1, 3000)
  const first = whole('years', options.years?.[0] ?? 2023, 2023, 2040)
  const last = whole('years', options.years?.[1] ?? Math.max(2026, first), first, 2040)

  const withErrors = options.errors === true
  const world = makeWorld(seed, schools, first, last, withErrors ? spoilSchools : undefined)
  const plain = vprCells(world)
  const cells = withErrors ? deliverUnderHead(world.schools, splitByLevel(world, plain)) : plain
  const spoiled = withErrors ? spoilMark(cells) : undefined
  const planned = new FaultyFiles(planFiles(world, cells))
  if (withErrors) {
    plantFaultsOfForm(planned)
    plantFaultsOfRows(planned, spoiled)
    plantFaultsOfFiles(planned)
    tellOfLevels(planned)
    tellOfSchools(planned, world.schools)
  }
  const { files, faults } = planned
  const truth = makeTruth(world, cells, files, faults)
  return {
    truth,
    count: files.length + 2,
    *files() {
      for (const file of files) yield { path: file.path, bytes: render(file) }
      yield { path: 'delivery.json', bytes: json({ scope: 'sample' }) }
      yield { path: 'truth.json', bytes: json(truth) }
    },
  }
}

const json = (value: unknown): Uint8Array =>
  new TextEncoder().encode(`${JSON.stringify(value, null, 1)}\n`)

/** Write the sample into a folder; paths in the answer are relative to it, with `/`. */
export const writeSample = async (
  folder: string,
  options: SampleOptions = {},
  onProgress?: (done: number, total: number, path: string) => void,
): Promise<{ files: string[] }> => {
  const sample = generateSample(options)
  const written: string[] = []
  const made = new Set<string>()
  for (const file of sample.files()) {
    const target = join(folder, ...file.path.split('/'))
    const parent = dirname(target)
    if (!made.has(parent)) await mkdir(parent, { recursive: true })
    made.add(parent)
    await writeFile(target, file.bytes)
    written.push(file.path)
    onProgress?.(written.length, sample.count, file.path)
  }
  return { files: written }
}
