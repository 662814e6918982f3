import { connect, told } from '../workflows/client.ts'
import { taskQueueOf } from '../workflows/engine.ts'
import {
  ensureSchedules,
  listSchedules,
  readSchedules,
  triggerSchedule,
  type ScheduleLine,
  type YearlyRefresh,
} from '../workflows/schedules.ts'
import { findServer } from '../workflows/server.ts'
import { defineCommand } from './command.ts'
import { moment } from './russian.ts'
import type { Terminal } from './terminal.ts'
import { usageError } from './usage.ts'

export const command = defineCommand({
  usage: 'schedule ensure|list|trigger [ИМЯ]',
  help: [
    'ensure приводит расписания на сервере Temporal к календарю хранилища (settings/schedules.json, иначе 1 сентября в 6:00);',
    'list показывает их; trigger запускает названное сейчас (по умолчанию yearly). Время — часового пояса управления.',
    'Прогон по расписанию берёт файлы из папки inbox хранилища: кладите новые туда; старые можно не убирать, повтор ничего не меняет.',
  ].join('\n'),
  options: {},
  positionals: { min: 1, max: 2, missing: 'ensure, list или trigger' },
  examples: ['mera schedule ensure', 'mera schedule trigger yearly'],
  run: async (call) => {
    const { positionals, terminal, env } = call
    const [action = '', id = 'yearly'] = positionals
    if (!['ensure', 'list', 'trigger'].includes(action))
      throw usageError(`schedule ${action}: такого действия нет`, 'бывает ensure, list или trigger')
    const home = await call.openHome()
    const calendar = action === 'ensure' ? await readSchedules(home) : undefined
    const target = await findServer(home.path, env)
    const { client, close } = await connect(target)
    try {
      const queue = taskQueueOf(home, env)
      if (action === 'trigger') {
        await told(target, () => triggerSchedule(client, queue, id))
        terminal.print(`Расписание «${id}» запущено; что идёт, покажет mera status`)
        return { json: { triggered: id } }
      }
      const schedules = await told(target, () =>
        calendar === undefined
          ? listSchedules(client, queue)
          : ensureSchedules(client, {
              taskQueue: queue,
              timezone: home.timeZone,
              schedules: calendar,
            }),
      )
      print(terminal, schedules)
      if (schedules.length > 0) terminal.print(`Новые файлы они берут из папки ${home.inbox}`)
      return { json: { schedules, inbox: home.inbox } }
    } finally {
      await close()
    }
  },
})

const print = (terminal: Terminal, schedules: readonly ScheduleLine[]): void => {
  if (schedules.length === 0) terminal.print('Расписаний нет; создаёт их mera schedule ensure')
  for (const schedule of schedules) terminal.print(lineOf(schedule))
}

/** «yearly: каждый год 1 сентября в 6:00 (Europe/Moscow), включено, следующий прогон 01.09.2027, 06:00, последний — …». */
export const lineOf = ({ id, yearly, timezone, paused, next, lastAt }: ScheduleLine): string =>
  [
    `${id}: ${yearly === null ? 'по календарю, изменённому на сервере' : cadence(yearly)} (${timezone})`,
    paused ? 'приостановлено' : 'включено',
    ...(paused
      ? []
      : [`следующий прогон ${next[0] === undefined ? 'не назначен' : moment(next[0], timezone)}`]),
    lastAt[0] === undefined ? 'прогонов ещё не было' : `последний — ${moment(lastAt[0], timezone)}`,
  ].join(', ')

const cadence = ({ month, day, hour }: YearlyRefresh): string => {
  const date = new Intl.DateTimeFormat('ru-RU', { day: 'numeric', month: 'long', timeZone: 'UTC' })
  return `каждый год ${date.format(Date.UTC(2024, month - 1, day))} в ${String(hour)}:00`
}
