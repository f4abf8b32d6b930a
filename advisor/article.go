package advisor

func (e *engine) article(shown []*candidate) []ArticleFigure { return nil }
