import { describe, expect, test } from 'vitest'
import { proxyTo } from '../../workflows/proxy.ts'

const http_proxy = 'http://proxy.office:3128'

describe('proxyTo(host, env)', () => {
  test.each([
    ['nothing is set', {}],
    ['only upper case is set', { HTTPS_PROXY: http_proxy, HTTP_PROXY: http_proxy }],
    ['the proxy is none that gRPC can use', { https_proxy: 'https://proxy:1', http_proxy }],
    ['the proxy is no address', { http_proxy: 'proxy.office' }],
    ['the host is spared', { http_proxy, no_proxy: 'localhost,10.1.2.3' }],
    ['the end of its name is spared', { http_proxy, no_proxy: '.2.3' }],
    ['its network is spared', { http_proxy, no_proxy: '10.0.0.0/8' }],
    ['gRPC alone spares it', { http_proxy, no_proxy: 'x', no_grpc_proxy: '10.1.2.3' }],
  ])('goes straight where %s', (_, env) => {
    expect(proxyTo('10.1.2.3', env)).toBeUndefined()
  })
  test.each(['127.0.0.1', '127.8.0.1', 'localhost', '::1'])('goes straight to %s', (host) => {
    expect(proxyTo(host, { http_proxy })).toBeUndefined()
  })
  test.each([
    ['the list is empty', { http_proxy, no_proxy: '' }],
    ['another is spared', { http_proxy, no_proxy: '10.1.2.4,10.2.0.0/16' }],
    ['gRPC has a list of its own', { http_proxy, no_proxy: '10.1.2.3', no_grpc_proxy: 'x' }],
  ])('goes through the proxy where %s', (_, env) => {
    expect(proxyTo('10.1.2.3', env)).toEqual({
      variable: 'http_proxy',
      address: 'proxy.office:3128',
    })
  })
  test('the first variable counts, and 80 is the port that is not said', () => {
    expect(proxyTo('a', { http_proxy, grpc_proxy: 'http://first' })).toEqual({
      variable: 'grpc_proxy',
      address: 'first:80',
    })
  })
})
