package bot_test

import (
	"fmt"
	"testing"

	"github.com/llmadvise/llmadvise/bot/emulator"
	"github.com/llmadvise/llmadvise/bot/store/pgtest"
)

// TestTwoReplicasOnPostgresAnswerOnce runs two bots on one database: whichever socket brings an event, and however often,
// it is answered once, and a thread is remembered by both.
func TestTwoReplicasOnPostgresAnswerOnce(t *testing.T) {
	address := pgtest.Database(t, pgtest.Start(t), 1)
	s := emulator.New(emulator.Options{Limits: emulator.Limits{Off: true}})
	if err := s.Start(t.Context(), "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	replicas := make([]*rig, 2)
	for i := range replicas {
		replicas[i] = &rig{Server: s, t: t, knowledge: &toyKnowledge{}, logs: &syncBuffer{}, dir: t.TempDir(), database: address}
		replicas[i].startBot()
		t.Cleanup(func() {
			if err := replicas[i].stop(); err != nil {
				t.Error(err)
			}
		})
	}
	r := replicas[0]
	if err := s.WaitConnections(r.soon(), 2); err != nil {
		t.Fatal(err)
	}
	const n = 20
	for i := 1; i <= n; i++ {
		p := r.say(general, fmt.Sprintf("<@%s> %dk queries", botUser, i), "")
		for _, d := range p.Deliveries { // the emulator sends in turn: the other replica gets it
			if err := s.Redeliver(d, 1).Wait(r.soon()); err != nil {
				t.Fatal(err)
			}
		}
	}
	for i := 1; i <= n; i++ {
		r.fromBot(general, fmt.Sprintf("about $%d a month", i))
	}
	r.say(general, fmt.Sprintf("<@%s> 999k queries", botUser), "") // a fence
	last := r.fromBot(general, "about $999 a month")
	if got := len(r.botMessages(general)); got != n+1 {
		t.Errorf("%d messages of the bots, want %d", got, n+1)
	}
	r.eventually(func() bool {
		ours, err := replicas[1].store.InThread(t.Context(), general, last.ThreadTS)
		return ours && err == nil
	})
}
