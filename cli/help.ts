import { readFileSync } from 'node:fs'
import type { Options } from './command.ts'
import { commands, shared, type Entry } from './commands.ts'

export const version = (): string => {
  const file = new URL('../package.json', import.meta.url)
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version
}

const optionLines = (options: Options): string => {
  const names = Object.entries(options).map(([name, { value, doc, multiple = false }]) => ({
    name: `--${name}${value === undefined ? '' : ` ${value}`}${multiple ? '…' : ''}`,
    doc,
  }))
  const width = Math.max(...names.map(({ name }) => name.length))
  return names.map(({ name, doc }) => `  ${name.padEnd(width)}  ${doc}`).join('\n')
}

export const generalHelp = (): string => {
  const width = Math.max(...commands.map(({ name }) => name.length))
  return [
    'Мера: качество образования по файлам, которые и так приходят.',
    '',
    'mera КОМАНДА [параметры]',
    '',
    'Команды',
    ...commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`),
    '',
    'Общие параметры',
    optionLines(shared),
    '',
    'С чего начать: mera demo — всё на вымышленных данных; mera refresh ПАПКА — на своих.',
    'О команде: mera help КОМАНДА',
    'Код завершения: 0 — порядок, 1 — файл отклонён или проверка не пройдена, 2 — так или сейчас этого попросить нельзя, 3 — сбой.',
  ].join('\n')
}

export const commandHelp = async (entry: Entry): Promise<string> => {
  const { command } = await entry.load()
  return [
    `mera ${command.usage}`,
    '',
    command.help,
    ...(Object.keys(command.options).length === 0
      ? []
      : ['', 'Параметры', optionLines(command.options)]),
    '',
    'Общие параметры',
    optionLines(shared),
    ...(command.examples === undefined
      ? []
      : ['', 'Примеры', ...command.examples.map((example) => `  ${example}`)]),
  ].join('\n')
}
