// Package feeds fetches price feeds over HTTP and keeps the last good snapshot of each.
//
// It owns addresses, conditional requests, time and size limits, retries, the guard against requests into private
// networks, and what happens when a feed fails. What the bytes mean belongs to advisor/pricing, which never fetches.
// It never imports Slack or the knowledge base.
package feeds
