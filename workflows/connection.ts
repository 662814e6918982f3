import {
  Connection,
  defaultGrpcRetryOptions,
  makeGrpcRetryInterceptor,
  type ConnectionOptions,
} from '@temporalio/client'
import { isOwnMachine, placeOf } from './proxy.ts'

type Interceptor = NonNullable<ConnectionOptions['interceptors']>[number]
type Call = ReturnType<Parameters<Interceptor>[1]>

/** A call that is never made: whoever would have waited for it has closed the connection. */
const unmade: Call = {
  start: () => undefined,
  sendMessage: () => undefined,
  sendMessageWithContext: () => undefined,
  startRead: () => undefined,
  halfClose: () => undefined,
  cancelWithStatus: () => undefined,
  getPeer: () => '',
  getAuthContext: () => null,
}

/**
 * Connects as the library does, with its retries, which here end with the connection: left alone, a retry that waits for its time when
 * the connection is closed throws where nobody can catch it. What cannot connect is closed too. No proxy stands before this machine itself.
 */
export const openConnection = async (
  options: ConnectionOptions & { readonly address: string },
): Promise<{ readonly connection: Connection; readonly close: () => Promise<void> }> => {
  let isClosed = false
  const retrying = makeGrpcRetryInterceptor(defaultGrpcRetryOptions())
  const interceptor: Interceptor = (call, next) => {
    let isRetry = false
    return retrying(call, (again) => {
      if (isRetry && isClosed) return unmade
      isRetry = true
      return next(again)
    })
  }
  const isNear = isOwnMachine(placeOf(options.address).host)
  const connection = Connection.lazy({
    ...options,
    ...(isNear ? { channelArgs: { ...options.channelArgs, 'grpc.enable_http_proxy': 0 } } : {}),
    interceptors: [interceptor],
  })
  const close = async (): Promise<void> => {
    isClosed = true
    await connection.close()
  }
  try {
    await connection.ensureConnected()
    return { connection, close }
  } catch (error) {
    await close()
    throw error
  }
}
