/**
 * Failures: from a code to the words for the user. The words stand in Go's
 * failures.json, so that the window and the pages in the browser use the same words.
 */
import words from '../../../backend/failures.json'

/** The closed list of codes: the keys of failures.json. */
export type Code = keyof typeof words

/** The next step that a failure offers. */
export type Action =
  'settings' | 'session-only' | 'copy-link' | 'paste' | 'connect' | 'quit' | 'none'

/** A failure, as classified by Go. */
export interface Failure {
  code: Code
  /** The fact for the placeholder in the words. Never text from Xero. */
  detail: string
}

/** The words of a failure for the user. */
export interface Words {
  title: string
  sentence: string
  action: Action
}

/** Every code with words. */
export const codes = Object.keys(words) as Code[]

/** isCode reports whether a value is a code with words. */
export function isCode(text: unknown): text is Code {
  return typeof text === 'string' && Object.hasOwn(words, text)
}

/** wordsFor returns the words of a failure with the detail filled in. */
export function wordsFor(failure: Failure): Words {
  const { title, sentence, action } = words[failure.code]
  return {
    title,
    // A function, because replaceAll interprets $& in a replacement text.
    sentence: sentence.replaceAll('{detail}', () => failure.detail),
    action: action as Action,
  }
}
