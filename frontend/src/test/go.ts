import { tick } from 'svelte'
import { install } from '../../e2e/double'
import { organisations } from '../../e2e/organisations'
import type { Check, Overview, Progress, Row, SignInRow } from '../backend'

export { organisations }

/** Parts of the overview. A part left out has the calm value of the double. */
type Parts = Partial<Omit<Overview, 'check'>> & { check?: Partial<Check> }

/** The double of Go, as tests see the double. */
export interface Double {
  rows: Row[]
  signIns: SignInRow[]
  calls: [string, ...unknown[]][]
  refuse: Record<string, { code: string; detail?: string }>
  answers: Record<string, object>
  /** Whether the user chooses a place for a file. */
  saves: boolean
  overview: Overview
  change(parts: Parts, signIn?: Partial<Progress>): void
}

/** Scenario holds the differences from a calm program without organisations. */
export interface Scenario {
  overview?: Parts
  signIn?: Partial<Progress>
  rows?: Row[]
  signIns?: SignInRow[]
  refuse?: Double['refuse']
  answers?: Double['answers']
}

/** go puts a double of the Go side behind the window. */
export function go(scenario: Scenario = {}): Double {
  return install(scenario) as unknown as Double
}

/** called returns the names of the calls to Go, except calls that only read. */
export function called(double: Double): string[] {
  return double.calls
    .map(([name]) => name)
    .filter((n) => !['Overview', 'Organisations', 'SignIns'].includes(n))
}

/** settled waits until every answer of the double has arrived. */
export async function settled(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve()
}

/** rest also waits for the effects of the answers, and for the answers to further calls. */
export async function rest(): Promise<void> {
  for (let i = 0; i < 8; i++) {
    await settled()
    await tick()
  }
}
