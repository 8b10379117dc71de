package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// image is a root file system and what its Dockerfile says runs in it.
type image struct {
	root       string
	entrypoint []string
	folder     string // the working one
}

func readImage(root, dockerfile string) (image, error) {
	root, err := filepath.Abs(root)
	if err != nil {
		return image{}, err
	}
	text, err := os.ReadFile(dockerfile)
	if err != nil {
		return image{}, err
	}
	read := image{root: root, folder: "/"}
	for line := range strings.Lines(string(text)) {
		instruction, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch instruction {
		case "FROM": // of several stages the last is the image
			read = image{root: root, folder: "/"}
		case "WORKDIR":
			read.folder = rest
		case "ENTRYPOINT":
			if err := json.Unmarshal([]byte(rest), &read.entrypoint); err != nil {
				return image{}, fmt.Errorf("%s: %w", dockerfile, err)
			}
		}
	}
	if len(read.entrypoint) == 0 {
		return image{}, fmt.Errorf("%s says no ENTRYPOINT", dockerfile)
	}
	return read, nil
}
