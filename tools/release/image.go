package main

// The container image: what the Containerfile makes, from the programs of the release.

import (
	"archive/tar"
	"bytes"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
	"github.com/google/go-containerregistry/pkg/v1/types"
	"golang.org/x/crypto/x509roots/fallback/bundle"
)

// image is the directory with the image, in the layout of the Open Container
// Initiative.
const image = "image"

// writeImage writes the image: one for each processor, and the index above them.
func (r *release) writeImage() error {
	settings, err := r.containerSettings()
	if err != nil {
		return err
	}
	index := mutate.IndexMediaType(empty.Index, types.OCIImageIndex)
	for _, p := range r.programs {
		if p.system != "linux" {
			continue
		}
		one, err := r.imageFor(p, settings)
		if err != nil {
			return err
		}
		index = mutate.AppendManifests(index, mutate.IndexAddendum{
			Add: one, Descriptor: v1.Descriptor{Platform: &v1.Platform{OS: p.system, Architecture: p.processor}},
		})
	}
	index = mutate.Annotations(index, r.labels()).(v1.ImageIndex)
	_, err = layout.Write(filepath.Join(r.to, image), index)
	return err
}

// imageFor makes the image for one processor.
func (r *release) imageFor(p *program, settings v1.Config) (v1.Image, error) {
	content, err := r.layer(p)
	if err != nil {
		return nil, err
	}
	layer, err := tarball.LayerFromOpener(func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(content)), nil },
		tarball.WithMediaType(types.OCILayer))
	if err != nil {
		return nil, err
	}
	one := mutate.MediaType(mutate.ConfigMediaType(empty.Image, types.OCIConfigJSON), types.OCIManifestSchema1)
	if one, err = mutate.Append(one, mutate.Addendum{Layer: layer, History: v1.History{CreatedBy: "ivrc-release", Created: v1.Time{Time: r.time}}}); err != nil {
		return nil, err
	}
	config, err := one.ConfigFile()
	if err != nil {
		return nil, err
	}
	config = config.DeepCopy()
	config.OS, config.Architecture, config.Created, config.Config = p.system, p.processor, v1.Time{Time: r.time}, settings
	return mutate.ConfigFile(one, config)
}

// labels say what the image is.
func (r *release) labels() map[string]string {
	return map[string]string{
		"org.opencontainers.image.title":    "ivrc",
		"org.opencontainers.image.version":  r.number(),
		"org.opencontainers.image.revision": r.commit,
		"org.opencontainers.image.source":   homepage,
		"org.opencontainers.image.licenses": "Apache-2.0",
	}
}

// owner is who owns the cache in the image, the user that it runs as.
const owner = 65532

// layer is the only layer of the image: the program, its notices, the certificates of
// authorities, and an empty directory for the cache.
func (r *release) layer(p *program) ([]byte, error) {
	licence, err := r.read("LICENSE")
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	if err := w.WriteHeader(&tar.Header{Typeflag: tar.TypeDir, Name: "cache/", Mode: 0o755, Uid: owner, Gid: owner, ModTime: r.time}); err != nil {
		return nil, err
	}
	for _, f := range []file{
		{"etc/ssl/certs/ca-certificates.crt", authorities(), 0o644},
		{"ivrc", p.data, 0o755},
		{"usr/share/doc/ivrc/LICENSE", licence.data, 0o644},
		{"usr/share/doc/ivrc/NOTICES.txt", r.notices, 0o644},
	} {
		if err := w.WriteHeader(&tar.Header{Name: f.name, Mode: int64(f.mode), Size: int64(len(f.data)), ModTime: r.time}); err != nil {
			return nil, err
		}
		if _, err := w.Write(f.data); err != nil {
			return nil, err
		}
	}
	err = w.Close()
	return b.Bytes(), err
}

// authorities are the certificates that the Go team takes from Mozilla's list, without
// those that are trusted with a restriction, which a file cannot say.
func authorities() []byte {
	var b bytes.Buffer
	for root := range bundle.Roots() {
		if root.Constraint == nil {
			_ = pem.Encode(&b, &pem.Block{Type: "CERTIFICATE", Bytes: root.Certificate}) // a buffer takes everything
		}
	}
	return b.Bytes()
}

var instruction = regexp.MustCompile(`(?m)^(USER|EXPOSE|STOPSIGNAL|ENTRYPOINT|CMD) (.*)$`)

// containerSettings reads how the image runs from the Containerfile, so that it is
// said there alone.
func (r *release) containerSettings() (v1.Config, error) {
	settings := v1.Config{Labels: r.labels(), ExposedPorts: map[string]struct{}{}}
	f, err := r.read("Containerfile")
	if err != nil {
		return settings, err
	}
	text := string(f.data)
	for _, match := range instruction.FindAllStringSubmatch(text[strings.LastIndex(text, "\nFROM "):], -1) {
		switch value := match[2]; match[1] {
		case "USER":
			settings.User = value
		case "EXPOSE":
			for _, port := range strings.Fields(value) {
				settings.ExposedPorts[port+"/tcp"] = struct{}{}
			}
		case "STOPSIGNAL":
			settings.StopSignal = value
		case "ENTRYPOINT":
			err = json.Unmarshal([]byte(value), &settings.Entrypoint)
		case "CMD":
			err = json.Unmarshal([]byte(value), &settings.Cmd)
		}
		if err != nil {
			return settings, fmt.Errorf("Containerfile: %s: %w", match[0], err)
		}
	}
	return settings, nil
}

// push pushes the image under its version, with the credentials of the container
// tools of this machine, and returns its name with its digest.
func (r *release) push(to string) (string, error) {
	path, err := layout.FromPath(filepath.Join(r.to, image))
	if err != nil {
		return "", err
	}
	index, err := path.ImageIndex()
	if err != nil {
		return "", err
	}
	manifest, err := index.IndexManifest()
	if err != nil {
		return "", err
	}
	tag, err := name.NewTag(to + ":" + strings.ReplaceAll(manifest.Annotations["org.opencontainers.image.version"], "+", "-"))
	if err != nil {
		return "", err
	}
	if err := remote.WriteIndex(tag, index, remote.WithAuthFromKeychain(authn.DefaultKeychain)); err != nil {
		return "", err
	}
	digest, err := index.Digest()
	if err != nil {
		return "", err
	}
	return tag.Context().Digest(digest.String()).String(), nil
}
