//go:build unix

package bot

import (
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// lockDir makes sure that one bot at a time uses a data folder. The lock goes with the process, however it ends.
func lockDir(dir string) (release func(), err error) {
	f, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("the data folder %s is not writable (%w): give this user write permission or set LLMADVISE_DATA_DIR to another folder", dir, err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = f.Close()
		return nil, fmt.Errorf("another llmadvise is running with the data folder %s: stop it, or set LLMADVISE_DATA_DIR to another folder", dir)
	}
	return func() { _ = f.Close() }, nil
}
