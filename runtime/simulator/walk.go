package simulator

import (
	"context"
)

// Walk runs a scenario once for every combination of choices that its people
// can make. The scenario is made anew for each run; whatever is to be varied in
// it calls choose, which returns a number from 0 to n-1: what a person presses
// at a question, whether a telephone is answered, which assumption is made.
//
//	simulator.Walk(ctx, func(choose func(n int) int) simulator.Scenario {
//		caller := func(p *simulator.Phone) {
//			for {
//				if m := p.Next(); m.Kind == simulator.Asks {
//					if key := choose(3); key > 0 { // silence, 1 or 2
//						p.Press(strconv.Itoa(key))
//					}
//				}
//			}
//		}
//		…
//	}, visit)
//
// The first run takes 0 everywhere. Every later run repeats the one before it
// up to its last choice that has an alternative left, as the hands of a clock
// move on. So n must depend on nothing but the choices before. Two choices at
// each of twenty questions make a million runs: people should choose only where
// something new can follow.
//
// Walk ends when there is nothing left to choose, when visit returns false, or
// with the error of a run.
func Walk(ctx context.Context, scenario func(choose func(n int) int) Scenario, visit func([]Transcript) bool) error {
	type choice struct{ taken, of int }
	var choices []choice
	for {
		at := 0
		choose := func(n int) int {
			if at == len(choices) {
				choices = append(choices, choice{0, n})
			}
			at++
			return choices[at-1].taken
		}
		transcripts, err := Run(ctx, scenario(choose))
		if err != nil {
			return err
		}
		if !visit(transcripts) {
			return nil
		}
		for len(choices) > 0 && choices[len(choices)-1].taken+1 >= choices[len(choices)-1].of {
			choices = choices[:len(choices)-1]
		}
		if len(choices) == 0 {
			return nil
		}
		choices[len(choices)-1].taken++
	}
}
