package renewal

import (
	"context"
	"slices"
	"time"

	"bookring/backend"
)

// maxFurther is the maximum number of further tokens. Each token costs a request and a
// write. A keychain has a handful of copies.
const maxFurther = 6

// presentFurther presents every other known token, after Xero has refused the newest
// credential c: the previous token, and the tokens of other copies in the keychain and in
// memory. Nothing can be lost any more, and a living token can be among them. While a
// token is presented, the keychain holds c's token as the previous token. Tried is false
// if there was no other token.
func (k *Keeper) presentFurther(ctx context.Context, vault vault, c backend.Credential) (token backend.Token, accepted backend.Credential, tried bool, err error) {
	further, newest, err := k.further(ctx, vault, c)
	if err != nil {
		return token, c, true, err
	}
	for _, one := range further {
		older := c
		older.Generation = max(c.Generation, newest)
		older.Refresh, older.Previous, older.PresentedAt = one, c.Refresh, time.Time{}
		if token, accepted, err = k.presentMarked(ctx, vault, older); !refused(err) {
			return token, accepted, true, err
		}
	}
	return token, c, len(further) > 0, err
}

// further returns the other known tokens of a sign-in, each once: the newest six after the
// previous token of c. Newest is the highest generation. Copies asks the user to unlock a
// locked copy, which can be newer than c; a copy that stays locked is no known token.
func (k *Keeper) further(ctx context.Context, vault vault, c backend.Credential) (tokens []backend.Secret, newest int, err error) {
	copies, err := vault.Copies(ctx, c.SignInKey)
	if err != nil && (backend.CodeOf(err) != backend.KeychainLocked || len(copies) == 0) {
		return nil, 0, err
	}
	all := []backend.Secret{c.Previous}
	for _, known := range append(copies, k.newest.of(c.SignInKey)) {
		newest = max(newest, known.Generation)
		all = append(all, known.Refresh, known.Previous)
	}
	for _, token := range all {
		if !token.IsZero() && !token.Equal(c.Refresh) && !slices.ContainsFunc(tokens, token.Equal) && len(tokens) < maxFurther {
			tokens = append(tokens, token)
		}
	}
	return tokens, newest, nil
}
