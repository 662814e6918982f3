import { mapProxyName } from '@grpc/grpc-js/build/src/http_proxy.js'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { isOwnMachine, proxyTo } from '../../workflows/proxy.ts'

const http_proxy = 'http://proxy.office:3128'

afterEach(() => {
  vi.unstubAllEnvs()
})

describe('proxyTo(host, env)', () => {
  test.each([
    ['nothing is set', {}],
    ['only upper case is set', { HTTPS_PROXY: http_proxy, HTTP_PROXY: http_proxy }],
    ['the proxy is none that gRPC can use', { https_proxy: 'https://proxy:1', http_proxy }],
    ['the proxy is no address', { http_proxy: 'proxy.office' }],
    ['the host is spared', { http_proxy, no_proxy: 'localhost,10.1.2.3' }],
    ['the end of its name is spared', { http_proxy, no_proxy: '.2.3' }],
    ['its network is spared', { http_proxy, no_proxy: '10.0.0.0/8' }],
    ['the length of its network has a sign', { http_proxy, no_proxy: '10.0.0.0/+8' }],
    ['it is padded', { http_proxy, no_proxy: '10.0.0.0/008' }],
    ['it is followed by something', { http_proxy, no_proxy: '10.0.0.0/8x' }],
    ['a network of length 0 is that address', { http_proxy, no_proxy: '10.1.2.3/0' }],
    ['gRPC alone spares it', { http_proxy, no_proxy: 'x', no_grpc_proxy: '10.1.2.3' }],
  ])('goes straight where %s', (_, env) => {
    expect(proxyTo('10.1.2.3', env)).toBeUndefined()
  })
  test.each([
    '127.0.0.1',
    '127.8.0.1',
    'localhost',
    'LOCALHOST',
    'localhost.',
    '::1',
    '0:0:0:0:0:0:0:1',
    '::ffff:127.0.0.1',
    '::FFFF:7f00:1',
  ])('goes straight to %s', (host) => {
    expect(proxyTo(host, { http_proxy })).toBeUndefined()
  })
  test.each(['128.0.0.1', '126.255.255.255', 'localhost.office', '::2', '::ffff:10.0.0.1', ''])(
    'does not take %s for this machine',
    (host) => {
      expect(isOwnMachine(host)).toBe(false)
    },
  )
  test.each([
    ['the list is empty', { http_proxy, no_proxy: '' }],
    ['another is spared', { http_proxy, no_proxy: '10.1.2.4,10.2.0.0/16' }],
    ['a network of length 0 is another address', { http_proxy, no_proxy: '0.0.0.0/0' }],
    [
      'networks are no networks',
      { http_proxy, no_proxy: '10.0.0.0/-1,10.0.0.0/33,10.0.0.0/x,10/8' },
    ],
    ['a network has two lengths', { http_proxy, no_proxy: '10.0.0.0/8/8' }],
  ])('goes through the proxy where %s', (_, env) => {
    expect(proxyTo('10.1.2.3', env)).toEqual({
      variable: 'http_proxy',
      address: 'proxy.office:3128',
      exemptions: 'no_proxy',
    })
  })
  test('a list of gRPC alone hides the one of everybody, unless it is empty', () => {
    const no_proxy = '10.1.2.3'
    expect(proxyTo(no_proxy, { http_proxy, no_proxy, no_grpc_proxy: 'x' })?.exemptions).toBe(
      'no_grpc_proxy',
    )
    expect(proxyTo(no_proxy, { http_proxy, no_proxy, no_grpc_proxy: '' })).toBeUndefined()
  })
  test('networks are counted as the library of gRPC counts them', () => {
    const lengths = [
      '0',
      '1',
      '8',
      '+8',
      '008',
      ' 8',
      '8x',
      '8.9',
      '31',
      '32',
      '33',
      '-0',
      '-1',
      '',
    ]
    const hosts = ['10.1.2.3', '10.1.2.2', '10.200.0.1', '192.0.2.1', '255.255.255.255', '0.0.0.0']
    vi.stubEnv('grpc_proxy', http_proxy)
    vi.stubEnv('no_grpc_proxy', '')
    for (const ip of ['10.1.2.3', '0.0.0.0', '192.0.2.128'])
      for (const length of lengths)
        for (const host of hosts) {
          const no_proxy = `${ip}/${length}`
          vi.stubEnv('no_proxy', no_proxy)
          const { target } = mapProxyName({ scheme: 'dns', path: `${host}:7233` }, {})
          const isThrough = proxyTo(host, { grpc_proxy: http_proxy, no_proxy }) !== undefined
          expect([no_proxy, host, isThrough]).toEqual([
            no_proxy,
            host,
            target.path === 'proxy.office:3128',
          ])
        }
  })
  test('the first variable counts, and 80 is the port that is not said', () => {
    expect(proxyTo('a', { http_proxy, grpc_proxy: 'http://first' })).toEqual({
      variable: 'grpc_proxy',
      address: 'first:80',
      exemptions: 'no_proxy',
    })
  })
})
