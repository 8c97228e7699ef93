package compiler
import ("testing";"pgregory.net/rapid";"fmt";"os")
func TestZZCount(t *testing.T) {
	n := map[string]int{}
	rapid.Check(t, func(t *rapid.T) {
		d := breakLaws(t, drafts().Draw(t, "configuration")).measured()
		_, _, diags := openedAnyway(t, d)
		if diags.HasErrors() { n["refused"]++ } else { n["accepted"]++ }
		for _, x := range diags {
			c := CallOf(x)
			if c == nil { continue }
			n[CodeOf(x)+" "+string(c.Fault)]++
			if c.Withheld { n["withheld"]++ }
			if len(c.Waiting)>0 { n["waiting"]++ }
			if len(c.Callees)>0 { n["callees"]++ }
			for _, k := range c.Callees { if len(k.Turns)>1 { n["turns"]++; break } }
			if len(c.Press)>0 { n["press"]++ }
			if len(c.Steps)>3 {n["long"]++}
		}
	})
	fmt.Fprintln(os.Stderr, n)
}
