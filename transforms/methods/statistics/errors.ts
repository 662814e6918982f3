/**
 * Thrown by a statistical method for input that has no answer (an empty sample, a negative count, a variance where one
 * value was given). Never thrown for finite input that the method can answer.
 *
 * - `method`: the name of the function that refused
 * - `reason`: what about the input has no answer
 * - `hint`: what the caller can do about it
 */
export class StatisticsError extends Error {
  readonly method: string
  readonly reason: string
  readonly hint: string

  constructor(method: string, reason: string, hint: string) {
    super(`${method}: ${reason}; ${hint}`)
    this.name = 'StatisticsError'
    this.method = method
    this.reason = reason
    this.hint = hint
  }
}
