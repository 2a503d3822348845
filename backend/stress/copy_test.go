package stress_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"time"

	"bookring/backend"
	"bookring/backend/connect/rounds"
	"bookring/backend/connect/view"
	"bookring/backend/desktop"
	"bookring/backend/keychain"
	"bookring/backend/rig"
	"bookring/backend/xero"
)

// copyOrders holds the orders of a copy: this test program, started once more.
const copyOrders = "BOOKRING_STRESS_COPY"

// service is the keychain's name for what the copies keep.
const service = "app.bookring.stress"

// orders are what a copy is started with. The bus of its keyring and the folder
// of its locks are in the environment, as for any program.
type orders struct {
	Folder, Discovery, API string
	Ports                  []int
	Patience               time.Duration // of the keychain; zero: the usual
	Races                  bool          // renews by itself, for ever
	Starts                 bool          // takes up first what was cut off, as every start does
	Alone                  bool          // takes the lock of the folder, as the window does
	Wrong                  wrong
}

// command is a line to a copy; report is its answer.
type command struct {
	Do    string
	Ahead time.Duration // the clock is advanced by this first
	Step  step          // where to stop
}

type report struct {
	Link    string
	Status  map[string]backend.Status // by organisation
	Trouble map[string]backend.Code
	Unsaved bool
	Stopped bool
	Failed  string
}

// liveAsCopy is the main function of a copy.
func liveAsCopy() error {
	var o orders
	if err := json.Unmarshal([]byte(os.Getenv(copyOrders)), &o); err != nil {
		return err
	}
	if o.Alone {
		home, err := desktop.OpenDataFolder(desktop.Environment{DataDir: o.Folder})
		if err != nil {
			answer(report{Failed: string(backend.AsFailure(err).Code)})
			return nil
		}
		o.Folder = home.Path
	}
	vault := keychain.New(service)
	vault.Patience = o.Patience
	c := &living{looked: make(chan struct{}, 1), links: make(chan string, 1)}
	var err error
	client := xero.NewHTTPClient()
	client.Transport = stoppingLine{client.Transport, &c.stop}
	c.program, err = newProgram(context.Background(), parts{
		folder: o.Folder, discovery: o.Discovery, api: o.API, ports: o.Ports, client: client,
		keychain: vault, lock: desktop.LockSignIn, pause: c.pause,
		browse: func(link string) error { c.links <- link; return nil },
	})
	if err != nil {
		return err
	}
	o.Wrong.spoil(c.program)
	c.stop.watch(c.program)
	if o.Races {
		return c.race(context.Background(), o)
	}
	answer(report{})
	return c.obey(context.Background())
}

func answer(r report) {
	line, _ := json.Marshal(r)
	fmt.Println(string(line))
}

// living is a copy that lives.
type living struct {
	*program
	looked chan struct{}
	links  chan string
	stop   stop
}

// haste makes waiting for another try short.
const haste = 100

// pause waits as a timer does, only less. A look is followed by a pause of five
// seconds or a minute; after the minute there is no other, for whoever orders the
// copy decides when to check.
func (c *living) pause(ctx context.Context, d time.Duration) error {
	if d >= 5*time.Second {
		select {
		case c.looked <- struct{}{}:
		default:
		}
	}
	if d >= time.Minute {
		<-ctx.Done()
		return ctx.Err()
	}
	timer := time.NewTimer(d / haste)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// race renews every sign-in whenever its access token has ended, which is at
// once, in another order each time.
func (c *living) race(ctx context.Context, o orders) error {
	c.ports.Register = shuffled{c.ports.Register}
	go endWithParent()
	answer(report{})
	if o.Starts {
		c.Start(ctx)
		<-c.looked
	}
	for {
		if _, err := c.idle(ctx); err != nil {
			return err
		}
		c.ahead.advance(accessLife)
		if err := c.CheckNow(ctx); err != nil {
			return err
		}
	}
}

// endWithParent ends a copy that nobody could kill any more.
func endWithParent() {
	_, _ = io.Copy(io.Discard, os.Stdin)
	os.Exit(1)
}

// accessLife is longer than an access token lives.
const accessLife = 31 * time.Minute

// shuffled is a register that lists sign-ins in another order at every look.
type shuffled struct{ rig.Register }

func (s shuffled) SignIns(ctx context.Context) ([]backend.SignIn, error) {
	all, err := s.Register.SignIns(ctx)
	rand.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all, err
}

// obey does what it is told, line by line.
func (c *living) obey(ctx context.Context) error {
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		var told command
		if err := json.Unmarshal(lines.Bytes(), &told); err != nil {
			return err
		}
		c.ahead.advance(told.Ahead)
		r, err := c.do(ctx, told)
		if err != nil {
			r.Failed = err.Error()
		}
		answer(r)
	}
	return nil
}

func (c *living) do(ctx context.Context, told command) (report, error) {
	switch told.Do {
	case "connect":
		c.Connect()
		select {
		case link := <-c.links:
			return report{Link: link}, nil
		default:
			return report{}, errors.New("no browser was opened")
		}
	case "connected":
		o, err := c.until(ctx, func(o view.Overview) bool {
			return o.SignIn.Phase == rounds.Done || o.SignIn.Phase == rounds.Failed
		})
		if err == nil && o.SignIn.Phase == rounds.Failed {
			err = errors.New(o.SignIn.Failed.Code)
		}
		return report{}, err
	case "start":
		c.Start(ctx)
		<-c.looked
	case "check":
		c.stop.at(told.Step)
		if err := c.CheckNow(ctx); err != nil {
			return report{}, err
		}
	case "saved": // insists as long as it must
		if _, err := c.until(ctx, func(o view.Overview) bool { return !o.Unsaved }); err != nil {
			return report{}, err
		}
	default:
		return report{}, fmt.Errorf("told to %q", told.Do)
	}
	return c.tell(ctx)
}

// tell says how things stand once nothing runs.
func (c *living) tell(ctx context.Context) (report, error) {
	o, err := c.idle(ctx)
	if err != nil {
		return report{}, err
	}
	rows, err := c.rows(ctx)
	r := report{Unsaved: o.Unsaved, Status: map[string]backend.Status{}, Trouble: map[string]backend.Code{}}
	for _, row := range rows {
		r.Status[row.Name] = backend.Status(row.Status)
		if row.Trouble != "" {
			r.Trouble[row.Name] = backend.Code(row.Trouble)
		}
	}
	return r, err
}
