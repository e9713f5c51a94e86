package browser

import (
	"context"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// Keys presses keys as a keyboard does: a character is typed by the key going
// down, unless the page takes the key for itself. (chromedp.KeyEvent types it
// anyway: the s that opens the search would be searched for.)
func (t *Tab) Keys(keys string) error {
	return t.Do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		for _, key := range keys {
			for _, event := range strokes(key) {
				if _, err := cdp.Call(ctx, target, input.DispatchKeyEvent, event); err != nil {
					return err
				}
			}
		}
		return nil
	}))
}

// strokes are the events of a key that is pressed: down, and up.
func strokes(key rune) (events []input.DispatchKeyEventParams) {
	var down *input.DispatchKeyEventParams
	for _, event := range kb.Encode(key) {
		switch event.Type {
		case kb.KeyChar:
			down.Type, down.Text, down.UnmodifiedText = input.DispatchKeyEventTypeKeyDown, event.Text, event.UnmodifiedText
		case kb.KeyUp:
			events = append(events, *down, *event)
		default:
			down = event
		}
	}
	return events
}
