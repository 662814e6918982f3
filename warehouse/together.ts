/** Like `Promise.all`, but over only when everything is: nothing is left asking a database that is closed because of a failure. */
export const together = async <T extends readonly unknown[]>(
  ...work: T
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> => {
  await Promise.allSettled(work)
  return Promise.all(work)
}
