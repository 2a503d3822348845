/** Waiting, always with an end. Times are in milliseconds. */
import { setTimeout as pause } from 'node:timers/promises'

/** How long anything may take that has no limit of its own, on a busy machine. */
export const limit = 15_000

/** within settles as the promise does, or fails after a time. */
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

/** eventually tries a check until it does not throw any more, and returns what it returns. */
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

/** ended settles when a process has ended, and ends it the hard way if it does not by itself. */
export async function ended(child) {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = new Promise((resolve) => child.once('exit', resolve))
  await within('the end of a process', exit).catch((late) => {
    child.kill('SIGKILL')
    throw late
  })
}
