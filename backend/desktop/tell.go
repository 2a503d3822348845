package desktop

import (
	"context"
	"fmt"
	"time"
)

// tellTime is how long the system may take to show a message. macOS first asks
// the person, and waits for three minutes.
const tellTime = 4 * time.Minute

// Tell shows a message of the system's, outside the window, and waits no longer
// than ctx; window is Wails' context. The texts are shown as they are: text must
// not hold what another wrote, because some systems take it for markup. It fails
// where the system has no place for messages, does not answer, or the person does
// not want them; and as ctx does when that ends first.
func Tell(ctx, window context.Context, title, text string) error {
	ctx, cancel := context.WithTimeout(ctx, tellTime)
	defer cancel()
	err := tell(ctx, window, title, text)
	if err != nil && ctx.Err() != nil { // what broke because of it depends on the moment
		return fmt.Errorf("notify: %w", ctx.Err())
	}
	return err
}
