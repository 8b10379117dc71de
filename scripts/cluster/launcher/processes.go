package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// stopLimit is how long a server may take to end before it is killed.
const stopLimit = 5 * time.Second

// processes are the servers of one cluster in the order in which they were started.
type processes struct {
	all   []process
	ended chan error // says which server ended and where its log is
}

type process struct {
	command *exec.Cmd
	gone    chan struct{}
}

// start starts a server in a process group of its own, so that Ctrl-C reaches the launcher alone and the servers are
// ended in order. Should the launcher be killed, the kernel kills them.
func (p *processes) start(c *cluster, name string, arguments []string) error {
	log, err := os.Create(c.log(name))
	if err != nil {
		return err
	}
	defer log.Close()
	command := exec.Command(filepath.Join(c.bin, name), arguments...)
	command.Dir = c.data
	command.Stdout, command.Stderr = log, log
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	if err := command.Start(); err != nil {
		return err
	}
	started := process{command, make(chan struct{})}
	p.all = append(p.all, started)
	go func() {
		err := command.Wait()
		close(started.gone)
		p.ended <- fmt.Errorf("%s ended by itself (%v); the end of %s:\n%s", name, err, log.Name(), tail(log.Name()))
	}()
	return nil
}

// stop ends the servers in reverse order: etcd last, when nobody writes to it any more.
func (p *processes) stop() {
	for i := len(p.all) - 1; i >= 0; i-- {
		p.all[i].command.Process.Signal(syscall.SIGTERM)
		select {
		case <-p.all[i].gone:
		case <-time.After(stopLimit):
			p.all[i].command.Process.Kill()
			<-p.all[i].gone
		}
	}
}

func tail(path string) string {
	text, err := os.ReadFile(path)
	if err != nil {
		return err.Error()
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	return strings.Join(lines[max(0, len(lines)-10):], "\n")
}
