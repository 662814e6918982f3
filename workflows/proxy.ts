import { BlockList, isIPv4 } from 'node:net'
import type { Env } from './config.ts'

export interface Proxy {
  /** The variable that names it. */
  readonly variable: string
  /** Host and port. */
  readonly address: string
}

/** Host and port of a server's address. */
export const placeOf = (address: string): { readonly host: string; readonly port: number } => {
  const at = address.lastIndexOf(':')
  return { host: address.slice(0, at).replace(/^\[|\]$/g, ''), port: Number(address.slice(at + 1)) }
}

/** As gRPC's own library reads them: lower case only, the first that is set. */
const VARIABLES = ['grpc_proxy', 'https_proxy', 'http_proxy'] as const

const isWithin = (host: string, range: string): boolean => {
  const [ip = '', length = '', ...rest] = range.split('/')
  if (!isIPv4(host) || !isIPv4(ip) || rest.length > 0 || !/^\d{1,2}$/.test(length)) return false
  if (Number(length) > 32) return false
  const list = new BlockList()
  list.addSubnet(ip, Number(length))
  return list.check(host)
}

/** A proxy asked for this machine's own address would look on itself. */
export const isOwnMachine = (host: string): boolean =>
  host === 'localhost' || host === '::1' || isWithin(host, '127.0.0.0/8')

/**
 * The proxy through which a client's connection to a host goes, undefined where it goes straight: to this machine, and by the rules of
 * `@grpc/grpc-js` (`http_proxy.js`), which takes only `http:` proxies and compares ends of names with `no_grpc_proxy`, else `no_proxy`. A worker's
 * connection knows no proxy.
 */
export const proxyTo = (host: string, env: Env): Proxy | undefined => {
  if (isOwnMachine(host)) return undefined
  const variable = VARIABLES.find((name) => env[name])
  if (variable === undefined) return undefined
  const said = env[variable] ?? ''
  const url = URL.canParse(said) ? new URL(said) : undefined
  if (url?.protocol !== 'http:') return undefined
  const spared = env['no_grpc_proxy'] || env['no_proxy'] || undefined
  if (spared?.split(',').some((each) => host.endsWith(each) || isWithin(host, each)))
    return undefined
  return { variable, address: `${url.hostname}:${url.port || '80'}` }
}
