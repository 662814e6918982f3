import {
  ScheduleAlreadyRunning,
  ScheduleNotFoundError,
  ScheduleOverlapPolicy,
} from '@temporalio/client'
import type {
  CalendarSpec,
  Client,
  ScheduleHandle,
  ScheduleOptions,
  ScheduleOptionsStartWorkflowAction,
} from '@temporalio/client'
import type { refreshWarehouse } from './refresh-warehouse.ts'
import type { Home } from '../warehouse/home.ts'
import { readSettingsFile } from '../warehouse/settings.ts'
import { NoSuchRun } from './errors.ts'

/** A refresh that comes every year at this local time of the office. */
export interface YearlyRefresh {
  /** Latin letters, digits, `-`: the schedule's id within the office. */
  readonly id: string
  /** 1–12 */
  readonly month: number
  /** 1–31, one that the month has in every year. */
  readonly day: number
  /** 0–23 */
  readonly hour: number
}

/** The whole year's results are final by the first of September: appeals and the reserve period are over. */
export const YEARLY: readonly YearlyRefresh[] = [{ id: 'yearly', month: 9, day: 1, hour: 6 }]

/** A computer that was switched off on the day catches up for so long. */
export const CATCHUP_WINDOW = '30 days'

const MONTHS = [
  'JANUARY',
  'FEBRUARY',
  'MARCH',
  'APRIL',
  'MAY',
  'JUNE',
  'JULY',
  'AUGUST',
  'SEPTEMBER',
  'OCTOBER',
  'NOVEMBER',
  'DECEMBER',
] as const

/** The last day that a month has in every year, and why there is none after it. */
const lastDayOf = (month: number): readonly [day: number, because?: string] => {
  if (month === 2) return [28, ': 29 февраля бывает не каждый год']
  return [4, 6, 9, 11].includes(month) ? [30, ': 31-го числа в этом месяце нет'] : [31]
}

/** The office's calendar from `settings/schedules.json`, else YEARLY. @throws SettingsInvalid with every bad field. */
export const readSchedules = async (
  home: Pick<Home, 'settings'>,
): Promise<readonly YearlyRefresh[]> => {
  const taken = new Map<string, string>()
  const schedules = await readSettingsFile(home, 'schedules.json', (file) =>
    file.items((item): YearlyRefresh => {
      const id = item.only('id', 'month', 'day', 'hour').at('id').id(taken)
      const month = item.at('month').whole(1, 12)
      const day = item.at('day').whole(1, ...lastDayOf(month))
      return { id, month, day, hour: item.at('hour').whole(0, 23) }
    }),
  )
  return schedules ?? YEARLY
}

const PREFIX = 'refresh-'

/** Id of a schedule on the server: one server may serve several offices, each with a queue of its own. */
export const scheduleId = (taskQueue: string, id: string): string => `${taskQueue}/${PREFIX}${id}`

type Refresh = ScheduleOptionsStartWorkflowAction<typeof refreshWarehouse>

const optionsOf = (
  { id, month, day, hour }: YearlyRefresh,
  { taskQueue, timezone }: { readonly taskQueue: string; readonly timezone: string },
): ScheduleOptions<Refresh> => {
  const name = MONTHS[month - 1]
  if (name === undefined) throw new RangeError(`month ${month}`)
  const calendar: CalendarSpec = { month: name, dayOfMonth: day, hour, minute: 0, second: 0 }
  return {
    scheduleId: scheduleId(taskQueue, id),
    spec: { calendars: [calendar], timezone },
    action: {
      type: 'startWorkflow',
      workflowType: 'refreshWarehouse',
      workflowId: `${taskQueue}/refresh/${id}`,
      taskQueue,
      args: [{ collect: true, render: true, schedule: id }],
    },
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: CATCHUP_WINDOW },
  }
}

export interface EnsureOptions {
  readonly taskQueue: string
  /** IANA name of the office's time zone, as `Europe/Moscow`. */
  readonly timezone: string
  readonly schedules?: readonly YearlyRefresh[]
}

/**
 * Makes the server's schedules those of the calendar: creates what is missing, updates what is there, removes what this
 * office no longer has. Called twice it changes nothing. A pause that somebody made stays.
 */
export const ensureSchedules = async (
  client: Client,
  { taskQueue, timezone, schedules = YEARLY }: EnsureOptions,
): Promise<readonly ScheduleLine[]> => {
  for (const schedule of schedules) {
    const options = optionsOf(schedule, { taskQueue, timezone })
    try {
      await client.schedule.create(options)
    } catch (error) {
      if (!(error instanceof ScheduleAlreadyRunning)) throw error
      const { spec, action, policies = {} } = options
      await client.schedule
        .getHandle(options.scheduleId)
        .update<typeof refreshWarehouse>(({ state }) => ({ spec, action, policies, state }))
    }
  }
  const wanted = new Set(schedules.map(({ id }) => scheduleId(taskQueue, id)))
  for await (const { scheduleId: found } of client.schedule.list())
    if (found.startsWith(`${taskQueue}/${PREFIX}`) && !wanted.has(found))
      await client.schedule.getHandle(found).delete()
  return Promise.all(schedules.map(({ id }) => describe(client, taskQueue, id)))
}

export interface ScheduleLine {
  readonly id: string
  /** When it comes, in `timezone`; null where somebody changed it on the server. */
  readonly yearly: YearlyRefresh | null
  readonly timezone: string
  readonly paused: boolean
  /** ISO instants of the next runs, soonest first. */
  readonly next: readonly string[]
  /** Workflow ids of the last runs, newest first. */
  readonly last: readonly string[]
  /** ISO instants at which they began. */
  readonly lastAt: readonly string[]
}

const describe = async (client: Client, taskQueue: string, id: string): Promise<ScheduleLine> => {
  const { spec, state, info } = await client.schedule
    .getHandle(scheduleId(taskQueue, id))
    .describe()
  return {
    id,
    yearly: yearlyOf(id, spec),
    timezone: spec.timezone ?? 'UTC',
    paused: state.paused,
    next: info.nextActionTimes.map((time) => time.toISOString()),
    last: info.recentActions.map(({ action }) => action.workflow.workflowId).reverse(),
    lastAt: info.recentActions.map(({ takenAt }) => takenAt.toISOString()).reverse(),
  }
}

type Spec = Awaited<ReturnType<ScheduleHandle['describe']>>['spec']
const yearlyOf = (id: string, { calendars = [] }: Spec): YearlyRefresh | null => {
  const [calendar] = calendars
  if (calendar === undefined || calendars.length > 1) return null
  const only = <T>(ranges: readonly { readonly start: T; readonly end: T }[]): T | undefined =>
    ranges.length === 1 && ranges[0]?.start === ranges[0]?.end ? ranges[0]?.start : undefined
  const month = MONTHS.findIndex((name) => name === only(calendar.month)) + 1
  const day = only(calendar.dayOfMonth)
  const hour = only(calendar.hour)
  return month === 0 || day === undefined || hour === undefined ? null : { id, month, day, hour }
}

/** The schedules of one office, by id. */
export const listSchedules = async (
  client: Client,
  taskQueue: string,
): Promise<readonly ScheduleLine[]> => {
  const ids: string[] = []
  const prefix = `${taskQueue}/${PREFIX}`
  for await (const { scheduleId: found } of client.schedule.list())
    if (found.startsWith(prefix)) ids.push(found.slice(prefix.length))
  return Promise.all(ids.sort().map((id) => describe(client, taskQueue, id)))
}

/** Runs a schedule now. Throws NoSuchRun where there is no such schedule. */
export const triggerSchedule = async (
  client: Client,
  taskQueue: string,
  id: string,
): Promise<void> => {
  try {
    await client.schedule.getHandle(scheduleId(taskQueue, id)).trigger(ScheduleOverlapPolicy.SKIP)
  } catch (error) {
    if (!(error instanceof ScheduleNotFoundError)) throw error
    const there = (await listSchedules(client, taskQueue)).map((each) => each.id)
    throw new NoSuchRun(
      `расписания «${id}» нет`,
      there.length === 0
        ? 'создайте расписания: mera schedule ensure'
        : `есть: ${there.join(', ')}; новые — в settings/schedules.json, затем mera schedule ensure`,
    )
  }
}
