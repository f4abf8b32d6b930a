// Package ground checks a reply against its sources, sentence by sentence, while it is being written.
package ground
