import { setImmediate } from 'node:timers/promises'

/** How long work may hold this thread while statements on other lanes wait for it, ms. */
const LONGEST = 5

/** Long work in steps: whoever waits for this thread goes on between them, once the turn is over. */
export class Turn {
  #began = performance.now()
  get isOver(): boolean {
    return performance.now() - this.#began > LONGEST
  }
  async pass(): Promise<void> {
    await setImmediate()
    this.#began = performance.now()
  }
}
