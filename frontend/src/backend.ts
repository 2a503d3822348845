/**
 * The one door to Go. Every call is typed, has a limit, and fails with a
 * Failure; no other file imports what Wails generates.
 */
import * as app from '../wailsjs/go/main/App'
import type { backend, connect } from '../wailsjs/go/models'
import { ClipboardSetText, EventsOn } from '../wailsjs/runtime/runtime'
import { isCode, type Failure } from './shared/failures'

/** Plain is a generated class without its methods: the data that crosses. */
type Plain<T> = T extends (infer Item)[]
  ? Plain<Item>[]
  : T extends object
    ? { [K in keyof T as T[K] extends (...args: never[]) => unknown ? never : K]: Plain<T[K]> }
    : T

export type Overview = Plain<connect.Overview>
export type Check = Plain<connect.Check>
export type Recovery = Plain<connect.Recovery>
export type Progress = Plain<connect.Progress>
export type Connected = Plain<connect.Connected>
export type Repair = Plain<connect.Repair>
export type Expected = Plain<connect.Expected>
export type Name = Plain<connect.Name>
export type Rows = Plain<connect.Rows>
export type Row = Plain<connect.Row>
export type EndingSoon = Plain<connect.EndingSoon>
export type SignInRow = Plain<connect.SignInRow>
export type RemovalPlan = Plain<connect.RemovalPlan>
export type Kept = Plain<connect.Kept>
export type Removal = Omit<Plain<connect.Removal>, 'receipt'> & { receipt?: Receipt | null }
export type Receipt = Plain<connect.Receipt>
export type Query = Plain<backend.Query>
export type Plan = Plain<connect.Plan>
export type Departing = Plain<connect.Departing>
export type Gone = Plain<connect.Gone>

/** The columns Go can order by. */
export type Sort = 'name' | 'status' | 'sign-in' | 'last-checked' | 'country' | 'currency'

/** The pages that the window may ask Go to open. */
export type Page = 'developer-portal' | 'xero-logout'

const second = 1000
/** Long enough for anything that does not ask the person. */
const limit = 20 * second
/** A password store may ask the person, who has two minutes to answer. */
const limitWithPrompt = 150 * second
/** The system's own dialog for a file waits for the person, who may be called away. */
const limitWithDialog = 3600 * second
/** Xero is told of one organisation after the other, and there can be thousands. */
const limitOfMany = 3600 * second

/**
 * toFailure turns whatever a call was rejected with into a Failure. Go sends a
 * JSON text as the error's message; anything else is unexpected.
 */
export function toFailure(reason: unknown): Failure {
  const message = reason instanceof Error ? reason.message : reason
  if (typeof message === 'string') {
    try {
      const sent: unknown = JSON.parse(message)
      if (typeof sent === 'object' && sent !== null && 'code' in sent && isCode(sent.code)) {
        const detail = 'detail' in sent && typeof sent.detail === 'string' ? sent.detail : ''
        return { code: sent.code, detail }
      }
    } catch {
      // Not from our Go code: the words below are all there is to say.
    }
  }
  return { code: 'unexpected', detail: '' }
}

/**
 * within settles as the call does, or fails after a time: a binding that
 * panics in Go never settles by itself.
 */
async function within<T>(call: () => Promise<T>, milliseconds = limit): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const tooLong = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer')), milliseconds)
  })
  try {
    return await Promise.race([call(), tooLong])
  } catch (reason) {
    throw toFailure(reason)
  } finally {
    clearTimeout(timer)
  }
}

/** onChanged calls back whenever the overview may have changed. It returns the way to stop. */
export function onChanged(callback: () => void): () => void {
  return EventsOn('changed', callback)
}

export const overview = (): Promise<Overview> => within(app.Overview)
export const organisations = (query: Query): Promise<Rows> =>
  within(() => app.Organisations(query as backend.Query))
export const organisationIDs = (query: Query): Promise<string[]> =>
  within(() => app.OrganisationIDs(query as backend.Query))
export const planDisconnect = (ids: string[], forget: boolean): Promise<Plan> =>
  within(() => app.PlanDisconnect(ids, forget))
export const disconnect = (ids: string[], forget: boolean): Promise<Gone> =>
  within(() => app.Disconnect(ids, forget), limitOfMany)
export const planDisconnectSignIn = (id: string): Promise<Plan> =>
  within(() => app.PlanDisconnectSignIn(id))
export const disconnectSignIn = (id: string): Promise<Gone> =>
  within(() => app.DisconnectSignIn(id), limitOfMany)
export const connectAgain = (id: string): Promise<void> =>
  within(() => app.ConnectAgain(id), limitWithPrompt)
export const signIns = (): Promise<SignInRow[]> => within(app.SignIns)
export const renewNow = (id: string): Promise<string> =>
  within(() => app.RenewNow(id), limitWithPrompt)
export const saveCalendar = (): Promise<boolean> => within(app.SaveCalendar, limitWithDialog)

export const connectToXero = (): Promise<void> => within(app.Connect, limitWithPrompt)
export const signInAgain = (id: string): Promise<void> =>
  within(() => app.SignInAgain(id), limitWithPrompt)
export const openAgain = (): Promise<void> => within(app.OpenAgain)
export const copyLink = (): Promise<void> => within(app.CopyLink)
export const moreTime = (): Promise<void> => within(app.MoreTime)
export const cancel = (): Promise<void> => within(app.Cancel)
export const pasteAddress = (): Promise<void> => within(app.PasteAddress)
export const useThisSessionOnly = (): Promise<void> => within(app.UseThisSessionOnly)

export const checkNow = (): Promise<void> => within(app.CheckNow)
export const dismissRecovery = (): Promise<void> => within(app.DismissRecovery)
export const stopCheck = (): Promise<void> => within(app.StopCheck)
export const cameForward = (): Promise<void> => within(app.CameForward)

export const planRemoval = (): Promise<RemovalPlan> => within(app.PlanRemoval, limitWithPrompt)
export const remove = (tell: boolean, anyway: boolean): Promise<void> =>
  within(() => app.Remove(tell, anyway))
export const cancelRemoval = (): Promise<void> => within(app.CancelRemoval)
export const keepRest = (): Promise<void> => within(app.KeepRest)

/** copy puts a text that holds no secret on the clipboard. */
export const copy = (text: string): Promise<void> =>
  within(async () => {
    if (!(await ClipboardSetText(text))) throw new Error('not copied')
  })

export const saveClientID = (id: string): Promise<void> => within(() => app.SaveClientID(id))
export const saveCheckEvery = (setting: string): Promise<void> =>
  within(() => app.SaveCheckEvery(setting))
export const copyRedirectAddresses = (): Promise<void> => within(app.CopyRedirectAddresses)
export const tryDemo = (): Promise<void> => within(app.TryDemo)
export const leaveDemo = (): Promise<void> => within(app.LeaveDemo)
export const openPage = (page: Page): Promise<void> => within(() => app.OpenPage(page))
export const mailSupport = (code: string): Promise<void> => within(() => app.MailSupport(code))
export const keepOpen = (): Promise<void> => within(app.KeepOpen)
export const closeAnyway = (): Promise<void> => within(app.CloseAnyway)
export const quit = (): Promise<void> => within(app.Quit)
