type Call = (...args: unknown[]) => Promise<unknown>
/** A call of the window's that Go has not answered yet. */
interface Held {
  answer(): void
  fail(code: string): void
}

/** hold keeps every call of these names back until it is answered, or refused. */
export function hold(...names: string[]): Held[] {
  const app = window as unknown as { go: { main: { App: Record<string, Call> } } }
  const real = app.go.main.App
  const held: Held[] = []
  app.go.main.App = new Proxy({} as Record<string, Call>, {
    get:
      (_, name: string) =>
      (...args: unknown[]) => {
        if (!names.includes(name)) return (real[name] as Call)(...args)
        const asked = (real[name] as Call)(...args) // what Go knew when it was asked
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
