import { MeraError, StateError, UsageError } from '../warehouse/errors.ts'

/** Environment variables or flags that cannot be used, all of them at once. */
export class ConfigError extends UsageError {
  readonly problems: readonly { readonly variable: string; readonly problem: string }[]

  constructor(problems: ConfigError['problems']) {
    super({
      code: 'config-invalid',
      message: problems.map(({ variable, problem }) => `${variable}: ${problem}`).join('\n'),
      hint: 'исправьте или уберите названное',
    })
    this.problems = problems
  }
}

/** No Temporal server: each place that was looked into, and why it gave none. */
export class ServerUnavailable extends MeraError {
  static readonly remedy =
    'установите Temporal CLI (программа temporal в PATH или путь к ней в MERA_TEMPORAL_CLI) либо Python с pip, или задайте TEMPORAL_ADDRESS'
  /** True whichever command says it: some do nothing without a server. */
  static readonly without =
    'загрузить и построить можно и без сервера: mera refresh ПАПКА --engine local'
  readonly tried: readonly string[]

  constructor(
    message: string,
    tried: readonly string[] = [],
    hint = `${ServerUnavailable.remedy}; ${ServerUnavailable.without}`,
  ) {
    super({
      code: 'server-unavailable',
      message: [message, ...tried.map((each) => `  – ${each}`)].join('\n'),
      hint,
    })
    this.tried = tried
  }
}

const ENDS = {
  failed: 'не удался',
  cancelled: 'отменён; что опубликовано, покажет mera status',
  terminated: 'прерван администратором сервера',
  'timed-out': 'не уложился в отведённое время',
  forgotten:
    'на сервере больше не значится: сервер запущен с другим состоянием, или прогон давно удалён',
} as const

/** No server was named and none serves this home: nothing was tried. */
export class NoServer extends StateError {
  constructor() {
    super({
      code: 'no-server',
      message:
        'сервер Temporal для этого хранилища не запущен\n  – TEMPORAL_ADDRESS и профиль не заданы',
      hint: 'запустите mera worker --dev в другом окне или задайте TEMPORAL_ADDRESS',
    })
  }
}

/** A server that had answered has fallen silent: what runs on it goes on. */
export class ConnectionLost extends MeraError {
  constructor(message: string, hint: string) {
    super({ code: 'connection-lost', message, hint })
  }
}

const FATES = {
  unheard: 'прогон не потерян: сервер его помнит и продолжит, когда заработает',
  'not-cancelled': 'отмена до него не дошла, и прогон на сервере продолжается',
  cancelling: 'отмену сервер принял, но чем кончился прогон, не ответил',
} as const

/** The server fell silent while a run was followed, which is its own affair: it needs nobody who waits for it. */
export class RunLost extends ConnectionLost {
  readonly workflowId: string
  readonly fate: keyof typeof FATES

  constructor(workflowId: string, fate: RunLost['fate']) {
    super(
      `связь с сервером Temporal прервалась; ${FATES[fate]} (${workflowId})`,
      fate === 'cancelling'
        ? 'когда связь вернётся, mera status покажет, идёт ли прогон ещё'
        : 'когда сервер заработает, mera status покажет этот прогон, а та же команда присоединится к нему (Ctrl+C его отменит)',
    )
    this.workflowId = workflowId
    this.fate = fate
  }
}

/** A run that did not come to its end. */
export class RunFailed extends MeraError {
  readonly workflowId: string
  readonly reason: keyof typeof ENDS
  /** Class of the error behind a failure. */
  readonly errorType: string | undefined
  /** Under which the worker has said more of the error. */
  readonly reference: string | undefined

  constructor(
    workflowId: string,
    reason: keyof typeof ENDS,
    errorType?: string,
    reference?: string,
  ) {
    const what = [errorType, reference].filter((each) => each !== undefined).join(', № ')
    super({
      code: `run-${reason}`,
      message: `прогон ${workflowId} ${ENDS[reason]}${what === '' ? '' : `: ${what}`}`,
      hint:
        reason === 'failed'
          ? 'подробности — под этим номером в выводе mera worker; место в программе — в файле temporal/worker.log хранилища'
          : 'запустите прогон снова: сделанное не повторится',
    })
    this.workflowId = workflowId
    this.reason = reason
    this.errorType = errorType
    this.reference = reference
  }
}

/** Something asked of runs or schedules that there is none for. */
export class NoSuchRun extends StateError {
  constructor(message: string, hint: string) {
    super({ code: 'no-such-run', message, hint })
  }
}
