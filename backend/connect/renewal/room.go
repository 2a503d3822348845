package renewal

import (
	"context"

	"bookring/backend"
)

// room fails with KeychainTooBig unless the vault can hold the successor of c: a token
// presented without room for the successor would cost the sign-in. The length of the
// successor is unknown before the presentation. room assumes a token longer than c's by
// twice the growth since the previous token, within an eighth and a quarter of the length.
// A new consent can have a token of quite another length: no growth to expect again.
func (k *Keeper) room(ctx context.Context, vault vault, c backend.Credential) error {
	length, growth := c.Refresh.Len(), 0
	if !c.Previous.IsZero() {
		growth = length - c.Previous.Len()
	}
	longer := min(max(2*growth, length/8), length/4)
	if c.PresentedAt.IsZero() { // the successor is to be presented, too
		c.PresentedAt = k.clock.Now()
	}
	return vault.Fits(ctx, c, longer)
}
