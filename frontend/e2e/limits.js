/** Waiting with limits. Times are in milliseconds. */
import { setTimeout as pause } from 'node:timers/promises'

/** The limit of every wait without an own limit, on a busy machine. */
export const limit = 15_000

/** within settles like the promise, or fails after a limit. */
export async function within(what, promise, milliseconds = limit) {
  const end = new AbortController()
  const late = pause(milliseconds, null, { signal: end.signal }).then(() => {
    throw new Error(`${what}: not within ${milliseconds} ms`)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    end.abort()
    late.catch(() => {})
  }
}

/** eventually repeats a check until success and returns the result. */
export async function eventually(check, milliseconds = limit) {
  const until = Date.now() + milliseconds
  for (;;) {
    try {
      return await check()
    } catch (error) {
      if (Date.now() > until) throw error
      await pause(25)
    }
  }
}

/** ended settles once a process has ended, and kills a process that does not end. */
export async function ended(child) {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = new Promise((resolve) => child.once('exit', resolve))
  await within('the end of a process', exit).catch((late) => {
    child.kill('SIGKILL')
    throw late
  })
}
