package bundle

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"iter"
	"strings"
)

// ShortHash writes the first 128 bits of a hash in lower-case base 32, which is
// 26 characters.
func ShortHash(sum []byte) string {
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(sum[:16]))
}

// ComponentHash is the hash of a component, in which the name of its directory
// ends: of the salt and of its documents in the order of their names, each part
// with its length.
func ComponentHash(salt string, documents iter.Seq2[string, []byte]) string {
	h := sha256.New()
	part := func(data []byte) {
		var length [8]byte
		binary.BigEndian.PutUint64(length[:], uint64(len(data)))
		h.Write(length[:])
		h.Write(data)
	}
	part([]byte(salt))
	for name, data := range documents {
		part([]byte(name))
		part(data)
	}
	return ShortHash(h.Sum(nil))
}
