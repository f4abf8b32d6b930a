package intake

// SealedSets are the blind sets after which nothing was mended and from which no words were learnt: they say what unseen requests should expect.
// There may be none.
var SealedSets = []string{"blind25", "blind26"}
