package source

// Limits on the input itself. They hold for every profile, and keep any
// mistake within two seconds, and within memory in proportion to the source: the
// program holds 256 MiB, or 80 bytes for each byte of a larger source.
const (
	MaxFileBytes     = 1 << 20
	maxSourceBytes   = 16 << 20
	maxFiles         = 10_000
	maxFileWeight    = 600_000    // words and signs of a file, see weight
	maxSourceWeight  = 5_000_000  // of all files
	maxKeptWeight    = 1_500_000  // of those whose syntax trees are kept, because they are not plain
	MaxDepth         = 64         // open brackets, templates and blocks
	maxLoops         = 2          // for expressions inside each other
	maxTokens        = 10_000     // of one expression
	MaxElements      = 10_000     // that all for expressions and dynamic blocks together may go through
	MaxSteps         = 10_000_000 // of evaluation, see budget
	maxMadeElements  = 500_000    // that all loops and functions together may make
	MaxValueElements = 100_000    // that one value may hold at all depths
	maxTextBytes     = 16 << 20   // that all templates and functions together may make
	MaxResultText    = 4 << 20    // that one function may take or make
)
