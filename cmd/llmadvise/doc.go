// Command llmadvise wires the packages of the project into one binary: the Slack bot, the local demo, and the
// same engine and knowledge base on the command line.
//
// It owns flags, environment variables, the configuration file, exit codes and the wiring of dependencies, and
// nothing that would be worth a unit test elsewhere. Exit codes: 0 success, 1 failure, 2 usage.
package main
