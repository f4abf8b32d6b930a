// Package realollama is the fixture of the tests that run against a real Ollama server: build.sh builds the server from
// its Go module and fetches two small models into a cache folder, and the tests (build tag realollama) start it on
// loopback. The chat model is a base model of 270M parameters: it invents numbers freely, which is what makes it worth
// answering with here.
//
//	bash .ci/ollama        # skips, and says why, where the server or the models cannot be had
//
// Nothing but tests imports it.
package realollama
