package renewal

import "bookring/backend"

// Usable reports whether a caller would get an access token without a renewal.
func (k *Keeper) Usable(key backend.SignInKey) bool {
	_, ok := k.tokens.valid(key, k.clock.Now())
	return ok
}
