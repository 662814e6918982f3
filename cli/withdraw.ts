import { restore, withdraw, type NamedFile } from '../warehouse/withdraw.ts'
import { defineCommand } from './command.ts'
import { noted } from './run.ts'
import { atHome } from './shell.ts'
import { usageError } from './usage.ts'

export const command = defineCommand({
  usage: 'withdraw ФАЙЛ… [--reason ПОЧЕМУ] [--undo]',
  help: [
    'Отзывает файлы, загруженные по ошибке: при следующем построении их строк в таблицах не будет, а то, что они заменили, снова действует.',
    'Из архива ничего не удаляется. Повторная загрузка отозванного не возвращает, возвращает --undo.',
    'Файл называют путём к нему на диске, путём или именем, под которым он пришёл, или началом его SHA-256 (от 8 знаков).',
  ].join('\n'),
  options: {
    reason: { type: 'string', value: 'ПОЧЕМУ', doc: 'почему; остаётся в журнале хранилища' },
    undo: { type: 'boolean', doc: 'вернуть отозванное' },
  },
  positionals: { min: 1, max: 10_000, missing: 'файла' },
  examples: [
    'mera withdraw письма/2026/Ф1.xlsx --reason "чужой район"',
    'mera withdraw --undo Ф1.xlsx',
  ],
  run: async (call) => {
    const { positionals, values, terminal, signal } = call
    const isUndo = values.undo === true
    if (isUndo && values.reason !== undefined)
      throw usageError(
        '--reason говорит, почему файл отозван, а --undo его возвращает',
        'укажите что-нибудь одно',
      )
    const home = await call.openHome()
    const { changed, unchanged } = await noted(
      home,
      { command: 'withdraw', engine: 'local', signal },
      async () => {
        const result = await (isUndo
          ? restore(home, positionals)
          : withdraw(home, positionals, values.reason))
        const status = isUndo ? 'restored' : 'withdrawn'
        return { result, status: result.changed.length > 0 ? status : 'unchanged' }
      },
    )
    const tell = (word: string, files: readonly NamedFile[]): void => {
      for (const { path, sha256 } of files)
        terminal.print(`${word}: ${path} (SHA-256 ${sha256.slice(0, 12)})`)
    }
    tell(isUndo ? 'Возвращён' : 'Отозван', changed)
    tell(isUndo ? 'И не был отозван' : 'Уже был отозван', unchanged)
    terminal.print(
      changed.length === 0
        ? 'Ничего не изменилось'
        : `Подействует при следующем построении: mera refresh${atHome(home, call)}`,
    )
    return {
      json: { withdrawn: isUndo ? [] : changed, restored: isUndo ? changed : [], unchanged },
    }
  },
})
