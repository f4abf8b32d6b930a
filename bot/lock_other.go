//go:build !unix

package bot

// lockDir does nothing where there is no flock: one bot a data folder is then the operator's care.
func lockDir(string) (release func(), err error) { return func() {}, nil }
