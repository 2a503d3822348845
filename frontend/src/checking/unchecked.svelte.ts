import * as backend from '../backend'

/** uncheckedIn counts the organisations whose last check failed. Their status is unknown, not bad. */
export function uncheckedIn({ counts }: Pick<backend.Overview, 'counts'>): number {
  return counts.find(({ status }) => status === 'not-checked')?.organisations ?? 0
}

/** connectedIn counts the organisations of which the last check succeeded. */
export function connectedIn({ counts }: Pick<backend.Overview, 'counts'>): number {
  return counts.find(({ status }) => status === 'connected')?.organisations ?? 0
}

const query = { search: '', attention: false, descending: false, offset: 0, limit: 1 }

/**
 * Unchecked finds an unchecked organisation in the whole list, for the line above
 * the list: the visible part of the list may hold no unchecked organisation.
 */
export class Unchecked {
  /** An organisation whose last check failed, or null. */
  row = $state.raw<backend.Row | null>(null)
  #revision = -1

  async follow(now: Pick<backend.Overview, 'revision' | 'total' | 'attention'>): Promise<void> {
    if (now.revision === this.#revision) return
    this.#revision = now.revision
    await this.read(now)
  }

  /** read asks Go again. After a failure the row stays: the list itself shows the failure. */
  async read({ total, attention }: Pick<backend.Overview, 'total' | 'attention'>): Promise<void> {
    if (total === 0) {
      this.row = null
      return
    }
    try {
      // In the order of status the unchecked organisations follow those that need attention.
      const next = await backend.organisations({ ...query, sort: 'status', offset: attention })
      this.row = next.rows.find((row) => row.status === 'not-checked') ?? null
    } catch {
      // The promise above covers a failure.
    }
  }

  forget(): void {
    this.#revision = -1
    this.row = null
  }
}
