import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { UsageError } from './errors.ts'
import { latestManifest } from './generation.ts'
import { readProject, writeProject, type Home, type HomeProject } from './home.ts'

/** Whose forms a home is built with: what it remembers, else what its last generation says, which knows no folder. */
export const projectOfHome = async (home: Home): Promise<HomeProject | undefined> => {
  const known = await readProject(home)
  if (known !== undefined) return known
  const built = await latestManifest(home)
  return built === undefined ? undefined : { name: built.project, folder: null }
}

/** The folder that a home remembers. @throws UsageError where it is gone. */
export const folderOfHome = async (home: Home): Promise<string | undefined> => {
  const folder = (await projectOfHome(home))?.folder ?? undefined
  if (folder !== undefined && !existsSync(join(folder, 'project.ts')))
    throw new UsageError({
      code: 'project-gone',
      message: `хранилище ведётся с проектом из папки «${folder}», но его там больше нет`,
      hint: 'укажите, где проект теперь: --project ПАПКА',
      file: folder,
    })
  return folder
}

/** @throws UsageError where the home is another project's: its tables would lose all that came by its forms. */
export const refuseOtherProject = async (
  home: Home,
  name: string,
  given: string | undefined,
): Promise<void> => {
  const known = await projectOfHome(home)
  if (known === undefined || known.name === name) return
  throw new UsageError({
    code: 'project-other',
    message: `хранилище «${home.path}» ведётся с проектом «${known.name}», а не «${name}»`,
    hint:
      given === undefined
        ? 'укажите его папку один раз: --project ПАПКА'
        : `для другого проекта нужно другое хранилище: --home ПАПКА; с этим работайте ${known.folder === null ? 'без --project' : `с --project ${known.folder}`}`,
  })
}

/** Makes a home remember its project. A folder that is not given leaves the one that is known. */
export const adoptProject = async (
  home: Home,
  name: string,
  folder: string | undefined,
): Promise<void> => {
  await refuseOtherProject(home, name, folder)
  const known = await readProject(home)
  const same = known?.name === name ? known.folder : null
  const next: HomeProject = { name, folder: folder ?? same }
  if (known?.name === next.name && known.folder === next.folder) return
  await writeProject(home, next)
}
