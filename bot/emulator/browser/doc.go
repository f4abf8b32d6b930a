// Package browser drives the local Slack's page in headless Chromium, for end-to-end tests (build tag e2e). It waits for
// what the page shows, never for time to pass, and skips the test where no Chromium is installed.
//
// It must import nothing else of this project, so that every package's tests can use it.
package browser
