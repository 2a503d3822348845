//go:build !linux

package desktop

// endWebview does nothing: the web view's processes end with the window, and
// [DataFolder.Close] retries the deletion of open files.
func endWebview() {}
