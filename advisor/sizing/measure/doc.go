// Package measure holds the sizing model against published measurements: it reads tables of measured rows, turns each into
// a sizing configuration and load, predicts it, scores the predictions, and fits the model's constants.
//
// What a row does not say (which engine, which data set) is read from its source and note; the rules are in resolve.go
// and know sources, never single models or cards. The package reads from an io.Reader and never opens files.
//
// foresight.go scores predictions that were written down before the measurement; its rows, and what they were made with, are in testdata/h100.
package measure
