// Package framework applies the article's decision framework as rules: its four questions with their thresholds, its hybrid
// advice, and what the compliance regimes ask.
//
// It judges by rules alone and knows no prices; package advisor sets its answers beside the arithmetic. Every threshold is the
// article's ("API vs Open-Source LLMs: A Decision Framework for 2026"), in this project's words. Legal facts carry their
// source and the day on which they were read, and are facts to check with counsel, not advice.
//
// It never imports net/http, os, advisor/cost, or anything of the bot, the knowledge base or the corpus.
package framework
