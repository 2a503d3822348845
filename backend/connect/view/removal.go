package view

// RemovalPlan is what a removal would remove; see the fields of removal.Plan.
type RemovalPlan struct {
	Nothing         bool       `json:"nothing"`
	Credentials     int        `json:"credentials"`
	KeychainFailure *Failed    `json:"keychainFailure"`
	Organisations   int        `json:"organisations"`
	Connections     int        `json:"connections"`
	ThroughEnded    int        `json:"throughEnded"`
	Files           FileCounts `json:"files"`
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
	Phase          string                `json:"phase"`
	Done           int                   `json:"done"`
	Total          int                   `json:"total"`
	StillConnected []StillConnected      `json:"stillConnected"`
	Undeleted      []UndeletedCredential `json:"undeleted"`
	Receipt        *Receipt              `json:"receipt"`
}

// UndeletedCredential is a sign-in whose credential is still in the keychain; see package
// removal.
type UndeletedCredential struct {
	Person string `json:"person"`
	Code   string `json:"code"`
}

// StillConnected holds the organisations of a sign-in still connected; see package removal.
type StillConnected struct {
	Person        string   `json:"person"`
	Organisations []string `json:"organisations"`
	Code          string   `json:"code"`
}

// Receipt lists the removed and the remaining parts; see the fields of removal.Receipt.
type Receipt struct {
	At              string                `json:"at"`
	DisconnectAsked bool                  `json:"disconnectAsked"`
	Disconnected    int                   `json:"disconnected"`
	StillConnected  []StillConnected      `json:"stillConnected"`
	Credentials     int                   `json:"credentials"`
	Undeleted       []UndeletedCredential `json:"undeleted"`
	Organisations   int                   `json:"organisations"`
	Files           FileCounts            `json:"files"`
	Leftovers       []Leftover            `json:"leftovers"`
}

// Leftover is a [backend.Leftover].
type Leftover struct {
	Path  string `json:"path"`
	InUse bool   `json:"inUse"`
}
