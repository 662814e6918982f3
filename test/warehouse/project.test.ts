import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { build } from '../../warehouse/build.ts'
import { UsageError } from '../../warehouse/errors.ts'
import type { Home } from '../../warehouse/home.ts'
import {
  adoptProject,
  folderOfHome,
  projectOfHome,
  refuseOtherProject,
} from '../../warehouse/project.ts'
import { scratch, type Scratch } from '../support/home.ts'
import { catalogOf, miniSteps } from '../support/mini.ts'

let place: Scratch
let home: Home
let folder = ''
beforeEach(async () => {
  place = await scratch()
  home = await place.home('home')
  folder = join(home.path, '..', 'project')
  await mkdir(folder)
  await writeFile(join(folder, 'project.ts'), '')
})
afterEach(() => place.remove())

describe('adoptProject(home, name, folder)', () => {
  it('makes the home remember whose forms it is built with, and leaves the rest of home.json', async () => {
    const file = join(home.path, 'home.json')
    const before = JSON.parse(await readFile(file, 'utf8')) as object
    await adoptProject(home, 'mini', folder)
    expect(await projectOfHome(home)).toEqual({ name: 'mini', folder })
    expect(await folderOfHome(home)).toBe(folder)
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({
      ...before,
      project: { name: 'mini', folder },
    })
  })
  it('keeps the folder that is known when none is given, and takes the new one of a project that moved', async () => {
    await adoptProject(home, 'mini', folder)
    await adoptProject(home, 'mini', undefined)
    expect(await folderOfHome(home)).toBe(folder)
    const moved = `${folder}-moved`
    await mkdir(moved)
    await writeFile(join(moved, 'project.ts'), '')
    await adoptProject(home, 'mini', moved)
    expect(await folderOfHome(home)).toBe(moved)
  })
  it('refuses another project and changes nothing', async () => {
    await adoptProject(home, 'mini', folder)
    await expect(adoptProject(home, 'russia', undefined)).rejects.toBeInstanceOf(UsageError)
    expect(await projectOfHome(home)).toEqual({ name: 'mini', folder })
  })
})

describe('projectOfHome(home)', () => {
  it('takes the word of the last generation where the home itself remembers nothing', async () => {
    expect(await projectOfHome(home)).toBeUndefined()
    await build(home, catalogOf(miniSteps))
    expect(await projectOfHome(home)).toEqual({ name: 'mini', folder: null })
    await expect(refuseOtherProject(home, 'russia', undefined)).rejects.toMatchObject({
      code: 'project-other',
      hint: expect.stringContaining('--project') as string,
    })
    await expect(refuseOtherProject(home, 'mini', undefined)).resolves.toBeUndefined()
  })
})

describe('folderOfHome(home)', () => {
  it('says where the project was when it is gone', async () => {
    await adoptProject(home, 'mini', folder)
    await rm(folder, { recursive: true })
    await expect(folderOfHome(home)).rejects.toMatchObject({ code: 'project-gone', file: folder })
  })
})
