package beir

import (
	"math"
	"sort"
)

// NDCG returns the normalised discounted cumulative gain of the first k of ranked, 0..1, with the grade as the gain.
func NDCG(ranked []string, grades map[string]int, k int) float64 {
	var got float64
	for i, id := range ranked[:min(k, len(ranked))] {
		got += float64(grades[id]) / math.Log2(float64(i)+2)
	}
	ideal := make([]int, 0, len(grades))
	for _, g := range grades {
		ideal = append(ideal, g)
	}
	sort.Sort(sort.Reverse(sort.IntSlice(ideal)))
	var best float64
	for i, g := range ideal[:min(k, len(ideal))] {
		best += float64(g) / math.Log2(float64(i)+2)
	}
	if best == 0 {
		return 0
	}
	return got / best
}

// Recall returns the share of the relevant documents among the first k of ranked.
func Recall(ranked []string, grades map[string]int, k int) float64 {
	if len(grades) == 0 {
		return 0
	}
	hit := 0
	for _, id := range ranked[:min(k, len(ranked))] {
		if grades[id] > 0 {
			hit++
		}
	}
	return float64(hit) / float64(len(grades))
}

// RR returns the reciprocal rank of the first relevant document among the first k of ranked, 0 where there is none.
func RR(ranked []string, grades map[string]int, k int) float64 {
	for i, id := range ranked[:min(k, len(ranked))] {
		if grades[id] > 0 {
			return 1 / float64(i+1)
		}
	}
	return 0
}
