package component

// StronglyConnected numbers the strongly connected components of a graph of n
// nodes, 0 to n-1: two nodes are in one if each can be reached from the other.
// An edge leads to a component of the same or of a smaller number, so everything
// that a component leads to comes before it:
//
//	0 → 1 ⇄ 2 → 3      components {3} {1, 2} {0}: of = [2 1 1 0], count = 3
//
// Next returns where the k-th edge of a node leads, and false behind the last
// one; an edge to a negative node is left out. (R. Tarjan, "Depth-first search
// and linear graph algorithms", SIAM J. Comput. 1 (1972); without recursion,
// because a chain of nodes can be long.)
func StronglyConnected(n int, next func(node, k int) (to int, more bool)) (of []int, count int) {
	type visit struct{ node, edge int }
	const open = -1 // the component of a node is not known yet
	of = make([]int, n)
	found := make([]int, n) // when, from 1
	low := make([]int, n)
	var pending []int
	var stack []visit
	time := 0
	enter := func(node int) {
		time++
		found[node], low[node], of[node] = time, time, open
		pending = append(pending, node)
		stack = append(stack, visit{node, 0})
	}
	for root := range n {
		if found[root] == 0 {
			enter(root)
		}
		for len(stack) > 0 {
			v := &stack[len(stack)-1]
			node := v.node
			if to, more := next(node, v.edge); more {
				v.edge++
				switch {
				case to < 0:
				case found[to] == 0:
					enter(to)
				case of[to] == open:
					low[node] = min(low[node], found[to])
				}
				continue
			}
			stack = stack[:len(stack)-1]
			if len(stack) > 0 {
				above := stack[len(stack)-1].node
				low[above] = min(low[above], low[node])
			}
			if low[node] < found[node] {
				continue
			}
			for of[node] == open {
				of[pending[len(pending)-1]] = count
				pending = pending[:len(pending)-1]
			}
			count++
		}
	}
	return of, count
}
