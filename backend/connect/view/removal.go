package view

// RemovalPlan is what a removal would remove; see the fields of removal.Plan.
type RemovalPlan struct {
	Nothing       bool       `json:"nothing"`
	Keys          int        `json:"keys"` // credentials
	Keychain      *Failed    `json:"keychain"`
	Organisations int        `json:"organisations"`
	Connections   int        `json:"connections"`
	Lost          int        `json:"lost"`
	Files         FileCounts `json:"files"`
}

// FileCounts is a [backend.FileCounts].
type FileCounts struct {
	Backups int  `json:"backups"`
	Damaged int  `json:"damaged"`
	Logs    int  `json:"logs"`
	Others  int  `json:"others"`
	Shared  bool `json:"shared"`
}

// Removal is a removal as it goes on; see the fields of removal.Progress.
type Removal struct {
	Phase   string   `json:"phase"`
	Done    int      `json:"done"`
	Total   int      `json:"total"`
	Untold  []Untold `json:"untold"` // still connected
	Stuck   []Stuck  `json:"stuck"`
	Receipt *Receipt `json:"receipt"`
}

// Stuck is a sign-in whose credential is still in the keychain; see removal.Stuck.
type Stuck struct {
	Person string `json:"person"`
	Code   string `json:"code"`
}

// Untold holds the organisations of a sign-in still connected; see removal.Connected.
type Untold struct {
	Person        string   `json:"person"`
	Organisations []string `json:"organisations"`
	Code          string   `json:"code"`
}

// Receipt lists the removed and the remaining parts; see the fields of removal.Receipt.
type Receipt struct {
	At            string     `json:"at"`
	Asked         bool       `json:"asked"`
	Told          int        `json:"told"` // disconnected
	Untold        []Untold   `json:"untold"`
	Keys          int        `json:"keys"` // credentials
	Stuck         []Stuck    `json:"stuck"`
	Organisations int        `json:"organisations"`
	Files         FileCounts `json:"files"`
	Left          []Leftover `json:"left"`
}

// Leftover is a [backend.Leftover].
type Leftover struct {
	Path  string `json:"path"`
	InUse bool   `json:"inUse"`
}
