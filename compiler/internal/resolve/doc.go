// Package resolve gives a configuration its meaning. A [config.Config] and the
// evaluator of its expressions go in; a [model.Model] comes out, in which names are
// bound and values have types. What cannot be resolved is reported, and resolving
// goes on.
//
//	to = menu.sales       a Link to the MenuNode "sales", and where that was written
//	timeout = "5s"        5 * time.Second, within the limit on menu timeouts
package resolve
