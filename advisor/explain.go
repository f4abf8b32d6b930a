package advisor

func (e *engine) trace(shown []*candidate, be []BreakEven) []Step { return nil }
