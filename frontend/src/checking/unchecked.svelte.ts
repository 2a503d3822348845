import * as backend from '../backend'

/**
 * uncheckedIn counts the organisations that could not be checked: they are as
 * they were, and nothing is known against them.
 */
export function uncheckedIn({ counts }: Pick<backend.Overview, 'counts'>): number {
  return counts.find(({ status }) => status === 'not-checked')?.organisations ?? 0
}

const query = { search: '', attention: false, descending: false, offset: 0, limit: 1 }

/**
 * Standing is how the list stands as a whole, whatever part of it is looked at:
 * what is said above it.
 */
export class Standing {
  /** An organisation that could not be checked, or null. */
  unchecked = $state.raw<backend.Row | null>(null)

  /** read asks Go anew. What cannot be read stays as it was: the list itself says why. */
  async read({ total, attention }: Pick<backend.Overview, 'total' | 'attention'>): Promise<void> {
    if (total === 0) {
      this.forget()
      return
    }
    try {
      // In the order of status the ones that need a person come first, then
      // those that could not be checked.
      const next = await backend.organisations({ ...query, sort: 'status', offset: attention })
      this.unchecked = next.rows.find((row) => row.status === 'not-checked') ?? null
    } catch {
      // As promised above.
    }
  }

  /** forget begins anew, with other data. */
  forget(): void {
    this.unchecked = null
  }
}
