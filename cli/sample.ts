import { readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { makeFolder } from '../warehouse/folder.ts'
import { defineCommand } from './command.ts'
import { plural } from './russian.ts'
import { quoted } from './shell.ts'
import { usageError, wholeOption, yearsOption } from './usage.ts'

export const command = defineCommand({
  usage: 'sample ПАПКА [--seed N] [--schools N] [--years A..B] [--errors]',
  help: [
    'Делает файлы вымышленного муниципалитета в тех формах, которые приходят на самом деле, и truth.json — что в них заложено.',
    'Одинаковые параметры дают одинаковые байты. Школы и люди выдуманы.',
  ].join('\n'),
  options: {
    seed: { type: 'string', value: 'N', doc: 'начало случайных чисел; по умолчанию 2026' },
    schools: { type: 'string', value: 'N', doc: 'сколько школ; по умолчанию 34' },
    years: {
      type: 'string',
      value: 'A..B',
      doc: 'учебные годы по их концам; по умолчанию 2023..2026',
    },
    errors: { type: 'boolean', doc: 'заложить по одной ошибке каждого вида' },
  },
  positionals: { min: 1, max: 1, missing: 'папки' },
  examples: ['mera sample образец', 'mera sample образец --schools 5 --years 2025..2026 --errors'],
  run: async ({ values, positionals, terminal }) => {
    const seed = wholeOption('seed', values.seed, 0, 4_294_967_295)
    const schools = wholeOption('schools', values.schools, 1, 3000)
    const years = values.years === undefined ? undefined : yearsOption(values.years, 2023, 2040)
    const folder = resolve(positionals[0] ?? '')
    await makeFolder(folder)
    if (readdirSync(folder).length > 0)
      throw usageError(
        `папка «${folder}» не пуста`,
        'укажите новую папку: прежние файлы смешались бы с образцом',
      )
    const { writeSample } = await import('../examples/municipality/generate.ts')
    const stage = terminal.stage('Образец')
    const { files } = await writeSample(
      folder,
      {
        ...(seed === undefined ? {} : { seed }),
        ...(schools === undefined ? {} : { schools }),
        ...(years === undefined ? {} : { years }),
        errors: values.errors === true,
      },
      (done, total) => {
        stage.progress(done, total)
      },
    ).catch((error: unknown) => {
      stage.drop()
      throw error
    })
    stage.done(plural(files.length, 'файл', 'файла', 'файлов'))
    terminal.print(`Образец: ${folder}`)
    terminal.print(`Дальше: mera refresh ${quoted(positionals[0] ?? '')}`)
    return { json: { folder, files } }
  },
})
