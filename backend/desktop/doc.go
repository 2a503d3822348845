// Package desktop is Bookring's adapter to the operating system: the data
// folder and its locks, the log, the window, the browser, notifications, file
// dialogs, and the command line.
//
// A data set is the data of one kind of Xero: the real data, the demo's data,
// or the data of one test server. The real data lie in the base folder, every
// other data set in a subfolder. The web view is the browser engine inside the
// window: WebView2 (Windows), WebKit (macOS), WebKitGTK (Linux).
package desktop
