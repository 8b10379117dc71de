package main

import (
	"bufio"
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"k8s.io/client-go/util/cert"
)

// serveLogs answers what `kubectl logs` asks a node for: a container's output from its first process on, or the end of
// it (tailLines), and what follows (follow).
func (n *node) serveLogs(ctx context.Context) (port int, err error) {
	certificate, key, err := cert.GenerateSelfSignedCertKey(n.name, []net.IP{net.ParseIP(hostIP)}, nil)
	if err != nil {
		return 0, err
	}
	pair, err := tls.X509KeyPair(certificate, key)
	if err != nil {
		return 0, err
	}
	if err := os.MkdirAll(filepath.Join(n.data, "logs"), 0o755); err != nil {
		return 0, err
	}
	listener, err := tls.Listen("tcp", hostIP+":0", &tls.Config{Certificates: []tls.Certificate{pair}})
	if err != nil {
		return 0, err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /containerLogs/{namespace}/{pod}/{container}", n.answerLogs)
	server := &http.Server{Handler: mux}
	go server.Serve(listener)
	context.AfterFunc(ctx, func() { server.Close() })
	return listener.Addr().(*net.TCPAddr).Port, nil
}

func (n *node) answerLogs(answer http.ResponseWriter, request *http.Request) {
	file, err := os.Open(n.logOf(request.PathValue("namespace"), request.PathValue("pod"), request.PathValue("container")))
	if err != nil {
		http.Error(answer, "nothing was written yet", http.StatusNotFound)
		return
	}
	defer file.Close()
	if lines, err := strconv.Atoi(request.FormValue("tailLines")); err == nil {
		skipTo(file, lines)
	}
	for {
		io.Copy(answer, file)
		if request.FormValue("follow") != "true" {
			return
		}
		answer.(http.Flusher).Flush()
		select {
		case <-request.Context().Done():
			return
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// skipTo leaves the last lines to read.
func skipTo(file *os.File, lines int) {
	starts := []int64{0}
	reader, at := bufio.NewReader(file), int64(0)
	for {
		line, err := reader.ReadString('\n')
		if err != nil {
			break
		}
		at += int64(len(line))
		starts = append(starts, at)
	}
	file.Seek(starts[max(0, len(starts)-1-lines)], io.SeekStart)
}
