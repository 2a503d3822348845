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

// Window is the program's one window. All fields must be set.
type Window struct {
	// Page is the built front end, below frontend/dist.
	Page fs.FS
	// Icon is the program's, as PNG. Windows and macOS have it in the program.
	Icon []byte
	// App holds the methods that the page may call.
	App any
	// Environment says where the program's data is: a second copy for the same
	// data brings the first one's window forward and ends, and how the window
	// stands is remembered there.
	Environment Environment
	// Opened is called with the window's handle before the page is there, and
	// Closed when it is gone.
	Opened func(context.Context)
	Closed func()
	// MayClose is asked whether the window may close, and may answer later by
	// closing it, from another goroutine. It must not wait. Who ends the program by a signal is not
	// kept waiting: nobody may be there to answer.
	MayClose func() bool
	// FormatError turns the error of a method of App into what the page gets.
	FormatError func(error) any
}

// policy is what the page may do: run and show what the program carries, and
// nothing else. index.html says the same, because older WebKitGTK drops headers
// of wails:// addresses, and adds trusted types.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
	"connect-src 'self'; frame-src 'none'; object-src 'none'; base-uri 'none'; form-action 'none'"

const (
	leastWidth, leastHeight = 720, 520
	// showAnyway is how long the window stays hidden at most.
	showAnyway = 5 * time.Second
	// endAnyway is how long the window may take to go when the system ends the
	// program.
	endAnyway = 3 * time.Second
)

// Run opens the window and returns when it is closed.
func Run(w Window) error {
	var handle atomic.Pointer[context.Context] // a second copy can call before there is a window
	var ready, closing atomic.Bool
	told, forget := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer forget()
	ended, closed := make(chan struct{}), sync.OnceFunc(w.Closed)
	defer close(ended)
	quit := context.AfterFunc(told, func() {
		if ctx := handle.Load(); ctx != nil {
			runtime.Quit(*ctx) // Wails has asked before us, perhaps, and was told to wait
		}
		select {
		case <-ended:
		case <-time.After(endAnyway): // a file dialog has a loop of its own, which goes on
			closed()
			os.Exit(0)
		}
	})
	defer quit()
	// Its window is gone before the program is: nothing may show it then.
	shown := func(show func(context.Context)) {
		if ctx := handle.Load(); ctx != nil && !closing.Load() {
			show(*ctx)
		}
	}
	stands := w.remembered()
	return wails.Run(&options.App{
		Title:            "Bookring",
		Width:            stands.Width,
		Height:           stands.Height,
		MinWidth:         leastWidth,
		MinHeight:        leastHeight,
		StartHidden:      true, // until the page is there, so that nothing flashes
		BackgroundColour: options.NewRGB(247, 246, 242),
		AssetServer:      &assetserver.Options{Assets: w.Page, Middleware: withPolicy},
		Bind:             []any{w.App},
		ErrorFormatter:   w.FormatError,
		OnStartup: func(ctx context.Context) {
			handle.Store(&ctx)
			if told.Err() != nil { // before there was a handle
				runtime.Quit(ctx)
			}
			// A page that does not say that it is there is better seen than not.
			time.AfterFunc(showAnyway, func() {
				if !ready.Load() {
					shown(runtime.WindowShow)
				}
			})
			w.Opened(ctx)
		},
		OnDomReady: func(context.Context) {
			shown(stands.place)
			shown(runtime.WindowShow)
			ready.Store(true)
		},
		// Who asks twice (a signal comes to Wails and to us) is answered once: the
		// second answer could meet a window, and a main loop, that are no more.
		OnBeforeClose: func(ctx context.Context) (stays bool) {
			if closing.Load() || told.Err() == nil && !w.MayClose() || !closing.CompareAndSwap(false, true) {
				return true
			}
			w.remember(ctx)
			return false
		},
		OnShutdown: func(context.Context) { closed() },
		SingleInstanceLock: &options.SingleInstanceLock{
			UniqueId: w.Environment.Instance(),
			// What the second copy was started with is another program's word.
			OnSecondInstanceLaunch: func(options.SecondInstanceData) {
				shown(runtime.WindowUnminimise)
				shown(runtime.WindowShow)
			},
		},
		// Wails logs failed calls together with their arguments.
		Logger:             silent{},
		LogLevelProduction: logger.ERROR,
		DragAndDrop:        &options.DragAndDrop{DisableWebViewDrop: true},
		Linux:              &linux.Options{Icon: w.Icon, ProgramName: "bookring", WebviewGpuPolicy: linux.WebviewGpuPolicyNever},
		Windows:            &windows.Options{DLLSearchPaths: 0x800 /* System32 only */, WebviewUserDataPath: w.Environment.engineFolder()},
	})
}

func withPolicy(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", policy)
		next.ServeHTTP(w, r)
	})
}

// silent is a log for Wails that keeps nothing.
type silent struct{}

func (silent) Print(string)   {}
func (silent) Trace(string)   {}
func (silent) Debug(string)   {}
func (silent) Info(string)    {}
func (silent) Warning(string) {}
func (silent) Error(string)   {}
func (silent) Fatal(string)   {}
