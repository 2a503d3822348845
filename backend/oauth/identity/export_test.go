package identity

// ParseKeys reads a key set and returns the number of usable keys.
func ParseKeys(body []byte) (int, error) {
	set, err := parseKeys(body)
	return len(set.Keys), err
}
