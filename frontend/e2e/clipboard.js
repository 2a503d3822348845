/** The clipboard of the virtual display, which the program writes and reads. */
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { promisify } from 'node:util'
import { ended, limit, within } from './limits.js'

const program = ['/usr/bin/python3', new URL('clipboard.py', import.meta.url).pathname]

/** onClipboard returns the text on the clipboard. */
export async function onClipboard() {
  const [python, script] = program
  const { stdout } = await promisify(execFile)(python, [script, 'read'], { timeout: limit })
  return stdout
}

/** withOnClipboard acts while a text is on the clipboard. */
export async function withOnClipboard(text, act) {
  const [python, script] = program
  const owner = spawn(python, [script, 'write', text], { stdio: ['ignore', 'pipe', 'inherit'] })
  try {
    await within('the clipboard', once(owner.stdout, 'data'))
    return await act()
  } finally {
    owner.kill()
    await ended(owner)
  }
}
