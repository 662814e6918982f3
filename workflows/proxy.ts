import { BlockList, isIP, isIPv4 } from 'node:net'
import type { Env } from './config.ts'

export interface Proxy {
  /** The variable that names it. */
  readonly variable: string
  /** Host and port. */
  readonly address: string
  /** The variable whose list of hosts to be reached without a proxy is in force; the other one is not read. */
  readonly exemptions: 'no_grpc_proxy' | 'no_proxy'
}

/** Host and port of a server's address. */
export const placeOf = (address: string): { readonly host: string; readonly port: number } => {
  const at = address.lastIndexOf(':')
  return { host: address.slice(0, at).replace(/^\[|\]$/g, ''), port: Number(address.slice(at + 1)) }
}

/** As gRPC's own library reads them: lower case only, the first that is set. */
const VARIABLES = ['grpc_proxy', 'https_proxy', 'http_proxy'] as const

const bitsOf = (ip: string): number =>
  ip.split('.').reduce((bits, octet) => (bits << 8) + parseInt(octet, 10), 0)

/** As the library counts, not as networks are written: a length of 0 means 32, and a number may be followed by anything. */
const isWithin = (host: string, range: string): boolean => {
  const [ip = '', said = '', ...rest] = range.split('/')
  const length = parseInt(said, 10)
  if (!isIPv4(host) || !isIPv4(ip) || rest.length > 0) return false
  if (!(length >= 0 && length <= 32)) return false
  const mask = -1 << (32 - length)
  return (bitsOf(host) & mask) === (bitsOf(ip) & mask)
}

/** Addresses by which a machine reaches itself; those of IPv4 are found in their IPv6 form too. */
const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

/** A proxy asked for this machine's own address would look on itself. */
export const isOwnMachine = (host: string): boolean => {
  const name = host.toLowerCase().replace(/\.$/, '')
  const version = isIP(name)
  return version === 0
    ? name === 'localhost'
    : loopback.check(name, version === 4 ? 'ipv4' : 'ipv6')
}

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
  const exemptions = env['no_grpc_proxy'] ? 'no_grpc_proxy' : 'no_proxy'
  const exempt = env[exemptions] || undefined
  if (exempt?.split(',').some((each) => host.endsWith(each) || isWithin(host, each)))
    return undefined
  return { variable, address: `${url.hostname}:${url.port || '80'}`, exemptions }
}
