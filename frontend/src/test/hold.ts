type Call = (...args: unknown[]) => Promise<unknown>
/** A call without an answer from Go yet. */
interface Held {
  answer(): void
  fail(code: string): void
}

/** hold holds the answers to every call of the given names until the test answers or fails each call. */
export function hold(...names: string[]): Held[] {
  const app = window as unknown as { go: { main: { App: Record<string, Call> } } }
  const real = app.go.main.App
  const held: Held[] = []
  app.go.main.App = new Proxy({} as Record<string, Call>, {
    get:
      (_, name: string) =>
      (...args: unknown[]) => {
        if (!names.includes(name)) return (real[name] as Call)(...args)
        const asked = (real[name] as Call)(...args) // the state of Go at the time of the call
        asked.catch(() => {})
        return new Promise((resolve, reject) => {
          held.push({
            answer: () => resolve(asked),
            fail: (code) => reject(new Error(JSON.stringify({ code, detail: '' }))),
          })
        })
      },
  })
  return held
}
