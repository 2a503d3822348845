import { tick } from 'svelte'
import { install } from '../../e2e/double'
import { organisations } from '../../e2e/organisations'
import type { Check, Overview, Progress, Row, SignInRow } from '../backend'

export { organisations }

/** Parts of the overview; what a check leaves out is calm. */
type Parts = Partial<Omit<Overview, 'check'>> & { check?: Partial<Check> }

/** What a test may ask of the double of Go. */
export interface Double {
  rows: Row[]
  signIns: SignInRow[]
  calls: [string, ...unknown[]][]
  refuse: Record<string, { code: string; detail?: string }>
  answers: Record<string, object>
  /** Whether the person chooses a place for a file. */
  saves: boolean
  overview: Overview
  change(parts: Parts, signIn?: Partial<Progress>): void
}

/** Scenario is what differs from a calm program without organisations. */
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

/** called returns the names of what was asked of Go, but for questions. */
export function called(double: Double): string[] {
  return double.calls
    .map(([name]) => name)
    .filter((n) => !['Overview', 'Organisations', 'SignIns'].includes(n))
}

/** settled lets every answer of the double arrive. */
export async function settled(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve()
}

/** rest lets also what the window does with the answers happen, and what it asks then. */
export async function rest(): Promise<void> {
  for (let i = 0; i < 8; i++) {
    await settled()
    await tick()
  }
}
