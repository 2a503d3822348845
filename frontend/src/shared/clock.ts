import { createSubscriber } from 'svelte/reactivity'

/** Clock is the time as state that markup can follow. The clock ticks only while markup follows. */
export class Clock {
  readonly #follow: () => void

  /** every is the time between ticks in milliseconds. */
  constructor(every: number) {
    this.#follow = createSubscriber((tick) => {
      const timer = setInterval(tick, every)
      return () => clearInterval(timer)
    })
  }

  /** The time now, in milliseconds since 1970. */
  get now(): number {
    this.#follow()
    return Date.now()
  }
}

export const seconds = new Clock(1000)
export const minutes = new Clock(60_000)
