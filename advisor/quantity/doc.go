// Package quantity holds what a figure is: an [Estimate] with its interval, and the one place where figures are
// rounded, formatted for people and read back. Everything above computes with plain float64 in the unit that the field
// names; rounding happens once, here, when a figure is shown.
//
// It must not import any other package of the project.
package quantity
