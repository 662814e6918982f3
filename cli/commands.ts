import type { Command, Options } from './command.ts'

export interface Entry {
  readonly name: string
  /** Russian, for the list of commands. */
  readonly summary: string
  readonly load: () => Promise<{ readonly command: Command }>
}
/** Imported only when called: help and mistakes answer at once. */
export const commands: readonly Entry[] = [
  {
    name: 'refresh',
    summary: 'загрузить, построить, проверить и опубликовать: всё за раз',
    load: () => import('./refresh.ts'),
  },
  {
    name: 'check',
    summary: 'проверить файлы, ничего не загружая',
    load: () => import('./check.ts'),
  },
  { name: 'load', summary: 'загрузить файлы и папки', load: () => import('./load.ts') },
  {
    name: 'build',
    summary: 'построить новое поколение таблиц и изданий и проверить его',
    load: () => import('./build.ts'),
  },
  {
    name: 'publish',
    summary: 'сделать поколение тем, которое видят все',
    load: () => import('./publish.ts'),
  },
  {
    name: 'rollback',
    summary: 'вернуть предыдущее поколение',
    load: () => import('./rollback.ts'),
  },
  {
    name: 'withdraw',
    summary: 'отозвать файл, загруженный по ошибке, или вернуть отозванный',
    load: () => import('./withdraw.ts'),
  },
  { name: 'pin', summary: 'хранить поколение всегда', load: () => import('./pin.ts') },
  {
    name: 'diff',
    summary: 'какие опубликованные числа изменились и из-за каких файлов',
    load: () => import('./diff.ts'),
  },
  {
    name: 'status',
    summary: 'что опубликовано, что получено и чего не хватает',
    load: () => import('./status.ts'),
  },
  { name: 'sql', summary: 'запрос к опубликованным таблицам', load: () => import('./sql.ts') },
  {
    name: 'describe',
    summary: 'словарь: что в таблицах и откуда оно',
    load: () => import('./describe.ts'),
  },
  {
    name: 'trace',
    summary: 'из каких ячеек каких файлов получено число',
    load: () => import('./trace.ts'),
  },
  {
    name: 'reports',
    summary: 'собрать или показать сайт',
    load: () => import('./reports.ts'),
  },
  {
    name: 'sample',
    summary: 'сделать файлы вымышленного муниципалитета',
    load: () => import('./sample.ts'),
  },
  {
    name: 'demo',
    summary: 'показать всё на вымышленном муниципалитете',
    load: () => import('./demo.ts'),
  },
  {
    name: 'worker',
    summary: 'исполнитель прогонов Temporal',
    load: () => import('./worker.ts'),
  },
  {
    name: 'schedule',
    summary: 'ежегодные прогоны по расписанию',
    load: () => import('./schedule.ts'),
  },
  {
    name: 'approve',
    summary: 'разрешить или отклонить публикацию, которая этого ждёт',
    load: () => import('./approve.ts'),
  },
]

export const shared = {
  home: {
    type: 'string',
    value: 'ПАПКА',
    doc: 'папка хранилища; по умолчанию MERA_HOME или ./data',
  },
  project: {
    type: 'string',
    value: 'ПАПКА',
    doc: 'папка проекта со своими формами (хранилище её помнит); по умолчанию российские формы',
  },
  engine: {
    type: 'string',
    value: 'local|temporal',
    doc: 'где исполнять: здесь же или через Temporal',
  },
  json: {
    type: 'boolean',
    doc: 'один объект JSON в стандартный вывод, остальное — в вывод ошибок',
  },
  debug: { type: 'boolean', doc: 'при непредвиденной ошибке показать стек' },
  help: { type: 'boolean', doc: 'справка' },
  version: { type: 'boolean', doc: 'версия' },
} as const satisfies Options
