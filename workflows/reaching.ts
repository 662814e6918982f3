import { connect as openSocket, type Socket } from 'node:net'
import { connect as openTls } from 'node:tls'
import type { Target } from './config.ts'
import { ConnectionLost, ServerUnavailable } from './errors.ts'
import { placeOf, proxyTo } from './proxy.ts'

/** How long a server may take to answer at all, ms. */
export const PATIENCE = 5_000

/** What the system or TLS says of a connection, in Russian; `{}` is the place. */
const sayings: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'соединение отвергнуто: по этому адресу никто не слушает',
  ENOTFOUND: 'такого узла сети нет',
  EAI_AGAIN: 'имя узла не узнать: сеть или DNS недоступны',
  ENETUNREACH: 'до этого узла нет пути: сеть недоступна',
  EHOSTUNREACH: 'до этого узла нет пути',
  ECONNRESET: 'соединение оборвано той стороной',
  ETIMEDOUT: 'узел не отвечает',
  ERR_SSL_WRONG_VERSION_NUMBER: 'сервер не говорит по TLS',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'сервер не говорит по TLS',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'сертификат сервера подписан им самим и не известен',
  SELF_SIGNED_CERT_IN_CHAIN: 'сертификат сервера выдан неизвестным центром',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'сертификат сервера выдан неизвестным центром',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'сертификат сервера выдан неизвестным центром',
  CERT_HAS_EXPIRED: 'срок сертификата сервера истёк',
  ERR_TLS_CERT_ALTNAME_INVALID: 'сертификат сервера выдан другому узлу',
}

const codeIn = (error: unknown): string => {
  if (error instanceof AggregateError) return codeIn(error.errors[0])
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : ''
}
const say = (error: unknown): string => {
  const code = codeIn(error)
  const said = sayings[code]
  if (said !== undefined) return `${said} (${code})`
  return `соединение не удалось (${code || (error instanceof Error ? error.message : String(error))})`
}

/** What a socket says within the time given; undefined where it opened. */
const problemOf = (
  socket: Socket,
  opened: 'connect' | 'secureConnect',
): Promise<string | undefined> =>
  new Promise((resolve) => {
    const end = (problem?: string): void => {
      socket.destroy()
      resolve(problem)
    }
    socket.setTimeout(PATIENCE, () => {
      end(`узел не ответил за ${String(PATIENCE / 1000)} с: он выключен или закрыт сетевым экраном`)
    })
    socket.once(opened, () => {
      end()
    })
    socket.on('error', (error) => {
      end(say(error))
    })
  })

/**
 * Why nothing can be said to an address, undefined where something listens there, or where only a proxy knows. Proxies are those of the
 * process: gRPC's library reads no other environment, whichever the engine is given.
 */
export const whyClosed = async ({
  address,
}: Pick<Target, 'address'>): Promise<string | undefined> => {
  const place = placeOf(address)
  return proxyTo(place.host, process.env) === undefined
    ? problemOf(openSocket(place), 'connect')
    : undefined
}

/** Why somebody who listens does not talk as Temporal does: TLS on one side only, a certificate, another program, a proxy between. */
export const whyMute = async ({
  address,
  connectionOptions: { tls, apiKey },
}: Pick<Target, 'address' | 'connectionOptions'>): Promise<string> => {
  const { host, port } = placeOf(address)
  const proxy = proxyTo(host, process.env)
  if (proxy !== undefined)
    return `соединение идёт через прокси ${proxy.address} (${proxy.variable}); есть ли за ним сервер, отсюда не узнать; чтобы идти мимо прокси, добавьте ${host} к узлам в переменной ${proxy.exemptions} (список через запятую)`
  // A key turns TLS on where nothing is said of it.
  if (tls === false || tls === null || (tls === undefined && apiKey === undefined))
    return 'соединение есть, но там отвечает не Temporal; или серверу нужен TLS, а он не включён'
  const { serverNameOverride, serverRootCACertificate, clientCertPair } =
    tls === true ? {} : (tls ?? {})
  const problem = await problemOf(
    openTls({
      host,
      port,
      ALPNProtocols: ['h2'],
      ...(serverNameOverride ? { servername: serverNameOverride } : {}),
      ...(serverRootCACertificate ? { ca: Buffer.from(serverRootCACertificate) } : {}),
      ...(clientCertPair
        ? { cert: Buffer.from(clientCertPair.crt), key: Buffer.from(clientCertPair.key) }
        : {}),
    }),
    'secureConnect',
  )
  return problem === undefined
    ? 'соединение по TLS есть, но там отвечает не Temporal'
    : `TLS включён (профилем или ключом API), но не получается: ${problem}; выключают его TEMPORAL_TLS=false или disabled = true в профиле`
}

/** The part of a gRPC error that is looked at. */
interface Status {
  readonly code: number
  readonly details: string
}
/** The answer of a server somewhere behind an error of the SDK. */
const statusOf = (error: unknown): Status | undefined => {
  for (let each = error; each instanceof Error; each = each.cause)
    if ('code' in each && typeof each.code === 'number')
      return {
        code: each.code,
        details: 'details' in each && typeof each.details === 'string' ? each.details : '',
      }
  return undefined
}

/** gRPC status codes that speak of the connection rather than of what was asked. */
const DEADLINE_EXCEEDED = 4
const UNIMPLEMENTED = 12
const NOT_FOUND = 5
const PERMISSION_DENIED = 7
const UNAVAILABLE = 14
const UNAUTHENTICATED = 16

/** Whoever asks may not; another question may be allowed. */
export const isDenied = (error: unknown): boolean => statusOf(error)?.code === PERMISSION_DENIED

/** Nothing was refused: the answer has not come, and may yet. */
export const isPassing = (error: unknown): boolean => {
  const code = statusOf(error)?.code
  return code === UNAVAILABLE || code === DEADLINE_EXCEEDED
}

const mutes: Readonly<Record<number, string>> = {
  [UNAVAILABLE]: 'сервер сейчас не обслуживает, или связь с ним прервалась',
  [DEADLINE_EXCEEDED]: 'ответа не дождались',
  [UNIMPLEMENTED]: 'связь есть, но там отвечает не Temporal',
}

type Known = Pick<Target, 'address' | 'namespace' | 'because'>

/** What an answer says of the server, or undefined where it says nothing of it. */
export const refusalOf = (target: Known, error: unknown): ServerUnavailable | undefined => {
  const { address, namespace, because } = target
  const status = statusOf(error)
  if (status === undefined) {
    // The client's library names a missing namespace by an error of its own.
    if (error instanceof Error && error.name === 'NamespaceNotFoundError')
      return noNamespace(target)
    return undefined
  }
  const { code, details } = status
  if (code === NOT_FOUND && /namespace/i.test(details)) return noNamespace(target)
  if (code === UNAUTHENTICATED || code === PERMISSION_DENIED)
    return new ServerUnavailable(
      `сервер Temporal ${address} не пускает: ${code === UNAUTHENTICATED ? 'ключ или сертификат не приняты' : `нет прав на пространство имён «${namespace}»`}`,
      [because, ...(details === '' ? [] : [`ответ сервера: ${details}`])],
      'проверьте ключ (TEMPORAL_API_KEY или api_key в профиле), сертификат клиента и пространство имён',
    )
  const why = mutes[code]
  return why === undefined ? undefined : silent(target, why)
}

/** The same in the middle of the work, where the server had answered before. */
export const interruptionOf = (
  target: Known,
  error: unknown,
): ServerUnavailable | ConnectionLost | undefined => {
  const { address, because } = target
  if (!isPassing(error)) return refusalOf(target, error)
  const why = mutes[statusOf(error)?.code ?? UNAVAILABLE] ?? ''
  return new ConnectionLost(
    `связь с сервером Temporal ${address} прервалась\n  – ${because}\n  – ${why}`,
    'проверьте, что сервер запущен, и повторите команду; что идёт на сервере, покажет mera status',
  )
}

const noNamespace = ({ address, namespace, because }: Known): ServerUnavailable =>
  new ServerUnavailable(
    `на сервере Temporal ${address} нет пространства имён «${namespace}»`,
    [because],
    'исправьте TEMPORAL_NAMESPACE или namespace в профиле либо создайте его: temporal operator namespace create',
  )

/** Nobody is there, or nobody who can be talked to. */
export const silent = ({ address, because }: Known, why: string): ServerUnavailable =>
  new ServerUnavailable(
    `сервер Temporal ${address} не отвечает`,
    [because, why],
    `проверьте адрес и что сервер запущен; ${ServerUnavailable.without}`,
  )
