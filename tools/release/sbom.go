package main

// The bill of materials, in the form of SPDX 2.3: each program, and what Go wrote into
// it.

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"runtime/debug"
	"strings"
	"time"

	"github.com/spdx/tools-golang/json"
	"github.com/spdx/tools-golang/spdx"
	"github.com/spdx/tools-golang/spdx/v2/common"
)

// writeSBOM writes the bill of materials.
func (r *release) writeSBOM() error {
	document := &spdx.Document{
		SPDXVersion: spdx.Version, DataLicense: spdx.DataLicense, SPDXIdentifier: "DOCUMENT",
		DocumentName:      "ivrc-" + r.number(),
		DocumentNamespace: homepage + "/releases/download/" + r.version + "/" + r.sbom() + "#" + r.commit,
		CreationInfo: &spdx.CreationInfo{
			Created:  r.time.UTC().Format(time.RFC3339),
			Creators: []common.Creator{{CreatorType: "Organization", Creator: "The ivrc authors"}, {CreatorType: "Tool", Creator: "ivrc-release"}},
		},
		OtherLicenses: []*spdx.OtherLicense{{
			LicenseIdentifier: "LicenseRef-public-domain", LicenseName: "public domain", ExtractedText: "This work is in the public domain.",
		}},
	}
	for _, m := range r.modules {
		document.Packages = append(document.Packages, r.modulePackage(m))
	}
	for _, e := range embeddings {
		document.Packages = append(document.Packages, &spdx.Package{
			PackageName: e.name, PackageSPDXIdentifier: identifier(e.name, e.version), PackageVersion: e.version,
			PackageDownloadLocation: e.source, PackageLicenseConcluded: e.licence, PackageLicenseDeclared: e.licence,
			PackageCopyrightText: "NOASSERTION", PackageSourceInfo: e.file, PrimaryPackagePurpose: "LIBRARY",
		})
	}
	for _, p := range r.programs {
		self := identifier(p.String(), r.number())
		document.Packages = append(document.Packages, r.programPackage(p, self))
		document.Relationships = append(document.Relationships, related("DOCUMENT", "DESCRIBES", self))
		for _, dep := range append(linked(p), &debug.Module{Path: standardLibrary, Version: p.info.GoVersion}) {
			document.Relationships = append(document.Relationships, related(self, "CONTAINS", identifier(dep.Path, dep.Version)))
		}
		for _, e := range embeddings {
			document.Relationships = append(document.Relationships, related(self, "CONTAINS", identifier(e.name, e.version)))
		}
	}
	var b bytes.Buffer
	if err := json.Write(document, &b, json.Indent("  ")); err != nil {
		return err
	}
	return r.write(r.sbom(), b.Bytes())
}

// sbom is the name of the bill of materials.
func (r *release) sbom() string { return "ivrc-" + r.number() + ".spdx.json" }

// programPackage is one program.
func (r *release) programPackage(p *program, self common.ElementID) *spdx.Package {
	sum := sha256.Sum256(p.data)
	return &spdx.Package{
		PackageName: "ivrc", PackageSPDXIdentifier: self, PackageVersion: r.number(),
		PackageFileName:         r.folder(p) + "/" + p.name(),
		PackageDownloadLocation: homepage + "/releases/download/" + r.version + "/" + r.archive(p),
		PackageChecksums:        []common.Checksum{{Algorithm: common.SHA256, Value: hex.EncodeToString(sum[:])}},
		PackageSourceInfo:       "commit " + r.commit, PackageHomePage: homepage,
		PackageLicenseConcluded: "Apache-2.0", PackageLicenseDeclared: "Apache-2.0", PackageCopyrightText: "NOASSERTION",
		PackageExternalReferences: []*spdx.PackageExternalReference{purl("pkg:golang/github.com/ivrc/ivrc@" + r.version)},
		PrimaryPackagePurpose:     "APPLICATION",
	}
}

// modulePackage is one module, or the standard library.
func (r *release) modulePackage(m *module) *spdx.Package {
	p := &spdx.Package{
		PackageName: m.path, PackageSPDXIdentifier: identifier(m.path, m.version), PackageVersion: m.version,
		PackageDownloadLocation: "NOASSERTION", PackageLicenseConcluded: m.licence(), PackageLicenseDeclared: m.licence(),
		PackageCopyrightText: "NOASSERTION", PrimaryPackagePurpose: "LIBRARY",
	}
	if m.path == standardLibrary {
		p.PackageExternalReferences = append(p.PackageExternalReferences, purl("pkg:golang/std@"+strings.TrimPrefix(m.version, "go")))
		return p
	}
	p.PackageExternalReferences = append(p.PackageExternalReferences, purl("pkg:golang/"+m.path+"@"+m.version))
	for _, program := range r.programs {
		for _, dep := range linked(program) {
			if dep.Path == m.path {
				p.PackageComment = "go.sum " + dep.Sum
			}
		}
	}
	return p
}

// linked are the modules that Go says it linked into a program.
func linked(p *program) []*debug.Module {
	var all []*debug.Module
	for _, dep := range p.info.Deps {
		if dep.Replace != nil {
			dep = dep.Replace
		}
		all = append(all, dep)
	}
	return all
}

// purl is the address of a package, by which scanners find what is known of it.
func purl(locator string) *spdx.PackageExternalReference {
	return &spdx.PackageExternalReference{Category: "PACKAGE-MANAGER", RefType: "purl", Locator: locator}
}

var noIdentifier = regexp.MustCompile(`[^A-Za-z0-9.]+`)

// identifier names a package in the document. Names that look alike without their
// signs are told apart by a digest.
func identifier(name, version string) common.ElementID {
	sum := sha256.Sum256([]byte(name + "@" + version))
	return common.ElementID("Package-" + strings.Trim(noIdentifier.ReplaceAllString(name+"-"+version, "-"), "-") + "-" + hex.EncodeToString(sum[:4]))
}

// related relates two packages.
func related(a common.ElementID, how string, b common.ElementID) *spdx.Relationship {
	return &spdx.Relationship{RefA: common.DocElementID{ElementRefID: a}, Relationship: how, RefB: common.DocElementID{ElementRefID: b}}
}
