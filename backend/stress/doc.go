// Package stress tests that no fault costs a sign-in. The package holds only
// tests: a table of rows with a fault each. Every test run executes every row at
// a small size; build/stress.sh executes all or the named rows at full size.
//
// A copy of the program is a process of its own, complete except for the window:
// connect; oauth and xero over HTTP; sqlite; the lock of the kernel; keychain
// over D-Bus. The test process outlives the copies. The test process is Xero
// (simxero) and the keyring (simkeyring), kills copies with SIGKILL at random
// and at 24 named steps of a renewal, and lets copies renew the same sign-ins
// concurrently. A last copy without faults then finds the outcome. The rows with
// simulated time run in the test process instead: two months pass in seconds.
//
// Each search for lost sign-ins is tested, too: a copy with a deliberate bug
// must lose a sign-in (bug_test.go).
//
// The results at full size:
//
//	row               fault and run                                                result
//	random-kills      3 copies concurrently renew 25 sign-ins and are killed at    0 lost, 0 damaged,
//	                  random; answers dropped, 5 % of keychain writes refused:     0 presented concurrently
//	                  20,000 kills, 29,001 renewals
//	short-grace       the same with a grace period of 3 seconds instead of 30      329 lost on a busy machine,
//	                  minutes: 2,000 kills                                         100 on a quiet machine; the list
//	                                                                               shows Sign in again for each
//	step-kills        a kill at each of 24 named steps of a renewal: 24 × 200      0 lost, all recovered
//	                                                                               within one renewal
//	keychain-faults   the keychain fails, hangs, is dismissed, returns another     0 lost, 0 falsely
//	                  value, overlooks an item, breaks the library:                reported as saved
//	                  6 × 2,000 rounds
//	keychain-copies   older, damaged and foreign copies beside the newest          0 lost,
//	                  credential, a second collection, an older keyring            0 older tokens presented
//	                  restored while the program runs: 5 × 40 rounds of 500
//	token-lengths     sign-ins and renewals with tokens of 256 to 4,000            0 lost; room for 4,000, 1,969
//	                  characters and the limits of Linux, Windows and macOS:       and 2,350 characters, longer
//	                  3 × 60 sign-ins of 500                                       tokens refused before the save
//	xero-faults       14 faults of Xero during renewals and reads:                 0 lost, 0 requests too early
//	                  14 × 1,000 outages, 252,208 requests
//	other-answers     renewals answered with tokens of other users, with and       0 lost, 0 keys replaced by
//	                  without a sign-in; restarts: 1,000 outages,                  another person's
//	                  10,804 wrong answers
//	two-months        a practice of 100 organisations and 4 sign-ins for two       0 lost, 0 needless renewals
//	                  months, with all of these faults: 1,000 seeds,
//	                  339,917 renewals, 5,060,464 calls, 739,772 faults
//	clock-jumps       the clock jumps by an hour, a day, ten years; back during    0 lost, 0 falsely ended
//	                  a renewal; sleeps for eight hours: 1,000 jumps,
//	                  7,626 renewals
//	concurrent-start  two and five copies start together: 2,000 rounds,            0 lost; a folder admits one copy,
//	                  27,000 requests                                              with one request per sign-in
//	                                                                               and expiry
//	damaged-files     17 kinds of damage to the files of the register: bits,       0 lost, all opened
//	                  pages, headers, lengths, logs, exchanged, empty:
//	                  50,014 images
//	write-kills       a kill during a write to the register: 5,000 kills           0 commits lost
//	migration-kills   a kill before every statement and around every commit of     0 lost
//	                  a migration, from every earlier version: all
//
// Copies with data folders of their own share the keychain. Access tokens are in
// memory only, so each copy renews for itself, one copy after another.
package stress
