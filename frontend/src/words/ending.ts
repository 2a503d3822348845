/** Why a sign-in has ended: of itself, and in the rows of what it carried. */

/** Ending is told in a sentence, and in a few words for a row. */
export interface Ending {
  words: string
  brief: string
}

const unknown: Ending = {
  words: 'Xero does not accept it any more.',
  brief: 'The sign-in has ended',
}

const endings: Record<string, Ending> = {
  unused: {
    words: 'It was not renewed for 60 days, and Xero ended it.',
    brief: 'Ended after 60 days unused',
  },
  session: {
    words: 'It was for one session only, and that is over.',
    brief: 'Was for one session only',
  },
  refused: {
    words: 'Xero does not accept it any more: access was withdrawn there, or it lapsed.',
    brief: 'Xero ended the sign-in',
  },
  'key-gone': {
    words: 'Its key is no longer in this computer’s password store.',
    brief: 'Its key is gone from here',
  },
  'key-damaged': {
    words: 'Its key in this computer’s password store is damaged.',
    brief: 'Its key here is damaged',
  },
}

/** ending returns the words for the code of an ending. */
export function ending(code: string): Ending {
  return endings[code] ?? unknown
}
