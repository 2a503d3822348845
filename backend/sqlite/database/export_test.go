package database

// DataSource is exported because the form of Windows paths is invisible from outside on other systems.
var DataSource = dataSource

// WithDriver opens files with another driver during do.
func WithDriver(name string, do func()) {
	before := driverName
	driverName = name
	defer func() { driverName = before }()
	do()
}
