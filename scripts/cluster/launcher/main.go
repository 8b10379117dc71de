// Command launcher runs etcd, kube-apiserver, kube-controller-manager and kube-scheduler on loopback, over
// a folder of their own, and ends them when it is told to.
//
// It prints what to export once the cluster is ready and then closes its standard output. It stays until its
// standard input closes or a signal comes, so that a cluster never outlives the test that started it; with
// -detach it leaves a copy of itself behind instead and returns.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"syscall"
)

// Children are killed by the kernel when the thread that started them ends (see start), so all of them are
// started by the main goroutine on the main thread, which ends with the process.
func init() { runtime.LockOSThread() }

func main() {
	bin := flag.String("bin", "", "folder that holds etcd, kube-apiserver, kube-controller-manager, kube-scheduler and kubectl")
	data := flag.String("data", "", "folder of this cluster; made if it is not there, continued if it is")
	detach := flag.Bool("detach", false, "leave the cluster running and return when it is ready")
	detached := flag.Bool("detached", false, "do not end when standard input closes")
	remove := flag.Bool("remove", false, "remove the folder at the end, unless something went wrong")
	flag.Parse()
	if *bin == "" || *data == "" || flag.NArg() > 0 || *detach && *remove {
		flag.Usage()
		os.Exit(64)
	}
	err := launch(*bin, *data, *detach, *detached)
	if *remove && (err == nil || errors.Is(err, errEnded)) {
		err = errors.Join(err, os.RemoveAll(*data))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "test cluster:", err)
		os.Exit(1)
	}
}

func launch(bin, data string, detach, detached bool) error {
	data, err := filepath.Abs(data)
	if err != nil {
		return err
	}
	cluster := cluster{bin: bin, data: data}
	if err := cluster.makeFolder(); err != nil {
		return err
	}
	lock, err := acquire(cluster.path("lock"))
	switch {
	case errors.Is(err, errRunning) && detach:
		return cluster.join()
	case err != nil:
		return err
	case detach:
		lock.Close()
		return leaveRunning(cluster)
	}
	defer lock.Close()
	return cluster.run(endOf(detached))
}

// endOf is closed when the cluster is to end.
func endOf(detached bool) <-chan struct{} {
	end := make(chan struct{})
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP)
	stdin := make(chan struct{})
	if !detached {
		go func() {
			io.Copy(io.Discard, os.Stdin)
			close(stdin)
		}()
	}
	go func() {
		select {
		case <-signals:
		case <-stdin:
		}
		close(end)
	}()
	return end
}

var errRunning = errors.New("a cluster runs on this folder already")

// acquire takes the lock that a launcher holds for as long as it lives. Its content is the process id of the
// holder, so whoever finds the lock taken knows that this id is the launcher's and not a stranger's.
func acquire(path string) (*os.File, error) {
	lock, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		lock.Close()
		return nil, fmt.Errorf("%w: %s", errRunning, filepath.Dir(path))
	}
	return lock, errors.Join(lock.Truncate(0), writeTo(lock, fmt.Sprintln(os.Getpid())))
}

func writeTo(w io.Writer, text string) error {
	_, err := io.WriteString(w, text)
	return err
}

// leaveRunning starts a launcher in a session of its own and returns when its cluster is ready.
func leaveRunning(c cluster) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	log, err := os.Create(c.log("launcher"))
	if err != nil {
		return err
	}
	defer log.Close()
	child := exec.Command(self, "-bin", c.bin, "-data", c.data, "-detached")
	child.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	child.Stderr = log
	stdout, err := child.StdoutPipe()
	if err != nil {
		return err
	}
	if err := child.Start(); err != nil {
		return err
	}
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP)
	go func() {
		child.Process.Signal(<-signals)
	}()
	exports, err := io.ReadAll(stdout)
	if err != nil || len(exports) == 0 {
		child.Wait()
		said, _ := os.ReadFile(c.log("launcher"))
		os.Stderr.Write(said)
		return errors.New("not started")
	}
	return writeTo(os.Stdout, string(exports))
}
