// Package tester plays call tests with the simulator. It says where a call departs
// from its test, and which exits of the call flow the tests take.
//
//	site := tester.Site{Bundle: b, Handler: router.New(b)}
//	results, err := site.Run(ctx, tests)
//	for _, r := range results {
//		fmt.Println(r.Test.Name, r.Passed())
//	}
//	fmt.Println(tester.Cover(b, results).Percent())
//
// A test is plain data, see compiler/calltest, and is played against whatever
// answers: a handler in this process, or the server that a bundle was deployed
// to. Each test is a run of its own; the same tests against the same bundle have
// the same results, in the same order, however many run at once.
//
// Which block of the configuration a call is in, and by which exit it left the
// one before, follows from the names of the documents that it fetches, as
// docs/bundle.md specifies them. Nothing of the compiler is needed for that.
package tester
