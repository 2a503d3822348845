package desktop

import (
	"context"
	"io/fs"
	"net/http"
	"os"
	"os/signal"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/wailsapp/wails/v2"
	"github.com/wailsapp/wails/v2/pkg/logger"
	"github.com/wailsapp/wails/v2/pkg/options"
	"github.com/wailsapp/wails/v2/pkg/options/assetserver"
	"github.com/wailsapp/wails/v2/pkg/options/linux"
	"github.com/wailsapp/wails/v2/pkg/options/windows"
	"github.com/wailsapp/wails/v2/pkg/runtime"
)

// Window is the program's only window. All fields must be set.
type Window struct {
	// Page is the built front end, below frontend/dist.
	Page fs.FS
	// Icon is a PNG file for Linux. Windows and macOS take the icon from the
	// executable file.
	Icon []byte
	// App holds the methods callable from the page.
	App any
	// Environment selects the data set. A second copy with the same data set
	// shows the window of the first copy and ends. The base folder holds the
	// window's geometry.
	Environment Environment
	// Opened receives Wails' context before the page loads. Closed is called
	// once, after the window has closed.
	Opened func(context.Context)
	Closed func()
	// MayClose reports whether the window may close now, and must not block.
	// After a false answer, App can close the window later, from another
	// goroutine. A signal ends the program without MayClose, because no user may
	// be present.
	MayClose func() bool
	// FormatError converts an error of App's methods for the page.
	FormatError func(error) any
}

// policy allows the page only the program's own content. index.html repeats
// policy, because older versions of WebKitGTK drop the headers of wails://
// addresses, and adds trusted types.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
	"connect-src 'self'; frame-src 'none'; object-src 'none'; base-uri 'none'; form-action 'none'"

const (
	minWidth, minHeight = 720, 520
	// showTimeout limits the wait for the page before the window appears.
	showTimeout = 5 * time.Second
	// quitTimeout limits the end of the window after a signal.
	quitTimeout = 3 * time.Second
)

// Run opens the window and returns after the window has closed.
func Run(w Window) error {
	var handle atomic.Pointer[context.Context] // nil before startup
	var loaded, closing atomic.Bool
	signalled, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	ended, closed := make(chan struct{}), sync.OnceFunc(w.Closed)
	defer close(ended)
	defer context.AfterFunc(signalled, func() {
		_ = recovered(func() error {
			if ctx := handle.Load(); ctx != nil {
				runtime.Quit(*ctx) // Wails may have asked MayClose on the same signal, and got a refusal
			}
			return nil
		})
		select {
		case <-ended:
		case <-time.After(quitTimeout): // an open file dialog has a main loop of its own
			closed()
			os.Exit(0)
		}
	})()
	// The program outlives the window: no call may reach a closed window, or a
	// window not yet created.
	withWindow := func(call func(context.Context)) {
		if ctx := handle.Load(); ctx != nil && !closing.Load() {
			call(*ctx)
		}
	}
	// Once: no later call may look at the open register (see datafolder.Find).
	geometryPath := w.Environment.geometryPath()
	stored := storedGeometry(geometryPath)
	app := w.options(stored)
	app.OnStartup = func(ctx context.Context) {
		handle.Store(&ctx)
		if signalled.Err() != nil { // a signal before startup
			runtime.Quit(ctx)
		}
		time.AfterFunc(showTimeout, func() {
			_ = recovered(func() error {
				if !loaded.Load() {
					withWindow(runtime.WindowShow)
				}
				return nil
			})
		})
		w.Opened(ctx)
	}
	app.OnDomReady = func(context.Context) {
		withWindow(stored.apply)
		withWindow(runtime.WindowShow)
		loaded.Store(true)
	}
	// A signal reaches Wails and Run, and both close the window. Only the first
	// request may proceed: the second could meet a destroyed window and main loop.
	app.OnBeforeClose = func(ctx context.Context) (prevent bool) {
		if closing.Load() || signalled.Err() == nil && !w.MayClose() || !closing.CompareAndSwap(false, true) {
			return true
		}
		storeGeometry(ctx, geometryPath)
		return false
	}
	app.OnShutdown = func(context.Context) { closed() }
	// The arguments of the second copy are untrusted and ignored.
	app.SingleInstanceLock.OnSecondInstanceLaunch = func(options.SecondInstanceData) {
		withWindow(runtime.WindowUnminimise)
		withWindow(runtime.WindowShow)
	}
	return wails.Run(app)
}

// options returns the window's appearance and content for Wails.
func (w Window) options(g geometry) *options.App {
	return &options.App{
		Title:              "Bookring",
		Width:              g.Width,
		Height:             g.Height,
		MinWidth:           minWidth,
		MinHeight:          minHeight,
		StartHidden:        true, // until the page has loaded, so that the window does not flash
		BackgroundColour:   options.NewRGB(247, 246, 242),
		AssetServer:        &assetserver.Options{Assets: w.Page, Middleware: withPolicy},
		Bind:               []any{w.App},
		ErrorFormatter:     w.FormatError,
		SingleInstanceLock: &options.SingleInstanceLock{UniqueId: w.Environment.instanceID()},
		Logger:             silent{},
		LogLevelProduction: logger.ERROR,
		DragAndDrop:        &options.DragAndDrop{DisableWebViewDrop: true},
		Linux:              &linux.Options{Icon: w.Icon, ProgramName: "bookring", WebviewGpuPolicy: linux.WebviewGpuPolicyNever},
		Windows:            &windows.Options{DLLSearchPaths: 0x800 /* System32 only */, WebviewUserDataPath: w.Environment.webView2Path()},
	}
}

func withPolicy(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", policy)
		next.ServeHTTP(w, r)
	})
}

// silent discards Wails' log, because Wails logs the arguments of failed calls.
type silent struct{}

func (silent) Print(string)   {}
func (silent) Trace(string)   {}
func (silent) Debug(string)   {}
func (silent) Info(string)    {}
func (silent) Warning(string) {}
func (silent) Error(string)   {}
func (silent) Fatal(string)   {}
