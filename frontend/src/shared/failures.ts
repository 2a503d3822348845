/**
 * Failures: from a code to what a person is told. The words stand in Go's
 * failures.json, so that the window and the pages in the browser say the same.
 */
import words from '../../../backend/failures.json'

/** The closed list of codes: the keys of failures.json. */
export type Code = keyof typeof words

/** The one next step that a failure offers. */
export type Action =
  'settings' | 'session-only' | 'copy-link' | 'paste' | 'connect' | 'quit' | 'none'

/** Something that went wrong, as Go decided it. */
export interface Failure {
  code: Code
  /** The fact that the words leave open. Never text from Xero. */
  detail: string
}

/** What a person is told of a failure. */
export interface Words {
  title: string
  sentence: string
  action: Action
}

/** Every code that has words. */
export const codes = Object.keys(words) as Code[]

/** isCode reports whether a text is one of the codes. */
export function isCode(text: unknown): text is Code {
  return typeof text === 'string' && Object.hasOwn(words, text)
}

/** wordsFor returns what to tell a person, the detail filled in. */
export function wordsFor(failure: Failure): Words {
  const { title, sentence, action } = words[failure.code]
  return {
    title,
    // A function, because a replacement text would read $& and its like.
    sentence: sentence.replaceAll('{detail}', () => failure.detail),
    action: action as Action,
  }
}
