package sandbox

import (
	"bytes"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The sizes of pages. https://www.twilio.com/docs/usage/twilios-response#pagination
const (
	defaultPage = 50
	largestPage = 1000
)

// list writes one page of a lagged table, as a reader sees it who sees
// everything until a moment. The token of a page is the SID after which it
// begins, so that a page repeats and skips nothing when something is made or
// removed meanwhile.
func list[T any](s *laggedTable[T], resource, key string, query url.Values, moment time.Time) reply {
	for _, parameter := range slices.Sorted(maps.Keys(query)) {
		if !slices.Contains([]string{"PageSize", "Page", "PageToken"}, parameter) {
			return unknownParameter(parameter)
		}
	}
	size := defaultPage
	if n, err := strconv.Atoi(query.Get("PageSize")); err == nil && n > 0 {
		size = min(n, largestPage)
	}
	page, err := strconv.Atoi(query.Get("Page"))
	if err != nil || page < 0 {
		page = 0
	}
	from, skip := 0, page*size
	if after, ok := strings.CutPrefix(query.Get("PageToken"), "PA"); ok {
		if i := slices.Index(s.order, after); i >= 0 {
			from, skip = i+1, 0
		}
	}
	var items [][]byte
	var last string
	more := false
	for _, id := range s.order[from:] {
		v, ok := s.at(moment, id)
		if !ok {
			continue
		}
		if skip > 0 {
			skip--
			continue
		}
		if more = len(items) == size; more {
			break
		}
		items, last = append(items, v.json), id
	}
	return reply{status: http.StatusOK, body: writePage(resource, key, items, page, size, last, more)}
}

// writePage puts things that are JSON already onto a page.
func writePage(resource, key string, items [][]byte, page, size int, last string, more bool) []byte {
	link := func(number int) string {
		return fmt.Sprintf("%s%s?PageSize=%d&Page=%d", root, resource, size, number)
	}
	fields := map[string]any{
		"uri": link(page), "first_page_uri": link(0), "next_page_uri": nil, "previous_page_uri": nil,
		"page": page, "page_size": size, "start": page * size, "end": page*size + max(len(items)-1, 0),
	}
	if more {
		fields["next_page_uri"] = link(page+1) + "&PageToken=PA" + last
	}
	if page > 0 {
		fields["previous_page_uri"] = link(page - 1)
	}
	var b bytes.Buffer
	b.Write(bytes.TrimSuffix(marshal(fields), []byte("}")))
	fmt.Fprintf(&b, ",%q:[", key)
	b.Write(bytes.Join(items, []byte(",")))
	b.WriteString("]}")
	return b.Bytes()
}
