package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"

	"golang.org/x/sys/unix"
	corev1 "k8s.io/api/core/v1"
)

// enterArgument makes this program the last step before a container's own: it has a mount namespace of its own by
// then, mounts what the container sees, goes into its root, becomes its user and turns into its program.
const enterArgument = "enter-container"

// entryDescriptor is where the entry comes from.
const entryDescriptor = 3

type entry struct {
	Root, Folder string
	Arguments    []string
	Variables    []string
	User, Group  int
	Groups       []int
	ReadOnly     bool // the root
	Raise        bool // whether set-user-id programs may gain rights
	Mounts       []mount
}

type mount struct {
	Source, Target string
	ReadOnly       bool
}

// secure takes a container's settings before its Pod's.
func (e *entry) secure(pod *corev1.PodSecurityContext, container *corev1.SecurityContext) {
	e.Raise = true
	if pod != nil {
		set(&e.User, pod.RunAsUser)
		set(&e.Group, pod.RunAsGroup)
		if pod.FSGroup != nil {
			e.Groups = append(e.Groups, int(*pod.FSGroup))
		}
	}
	if container != nil {
		set(&e.User, container.RunAsUser)
		set(&e.Group, container.RunAsGroup)
		e.ReadOnly = container.ReadOnlyRootFilesystem != nil && *container.ReadOnlyRootFilesystem
		e.Raise = container.AllowPrivilegeEscalation == nil || *container.AllowPrivilegeEscalation
	}
}

func set(to *int, from *int64) {
	if from != nil {
		*to = int(*from)
	}
}

// makeTargets makes what is mounted on where the image does not have it, as a container runtime does.
func (e *entry) makeTargets() error {
	for _, m := range e.Mounts {
		target := filepath.Join(e.Root, m.Target)
		if _, err := os.Stat(target); err == nil {
			continue
		}
		source, err := os.Stat(m.Source)
		if err != nil {
			return err
		}
		if source.IsDir() {
			err = os.MkdirAll(target, 0o755)
		} else {
			err = os.WriteFile(target, nil, 0o644)
		}
		if err != nil {
			return err
		}
	}
	return os.MkdirAll(filepath.Join(e.Root, "proc"), 0o555)
}

// start starts the program in a process group of its own. Should the node be killed, the kernel kills it.
func (e *entry) start(log *os.File) (*exec.Cmd, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(e)
	if err != nil {
		return nil, err
	}
	reader, writer, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer reader.Close()
	command := exec.Command(self, enterArgument)
	command.Stdout, command.Stderr = log, log
	command.ExtraFiles = []*os.File{reader}
	command.Env = []string{}
	command.SysProcAttr = &syscall.SysProcAttr{
		Setpgid: true, Pdeathsig: syscall.SIGKILL, Cloneflags: syscall.CLONE_NEWNS,
	}
	if err := command.Start(); err != nil {
		writer.Close()
		return nil, err
	}
	_, err = writer.Write(text)
	writer.Close()
	if err != nil {
		command.Process.Kill()
		command.Wait()
		return nil, err
	}
	return command, nil
}

// enter never returns where all goes well.
func enter() error {
	var e entry
	from := os.NewFile(entryDescriptor, "entry")
	if err := json.NewDecoder(from).Decode(&e); err != nil {
		return err
	}
	from.Close()
	if err := e.mountAll(); err != nil {
		return err
	}
	if err := syscall.Chroot(e.Root); err != nil {
		return fmt.Errorf("chroot %s: %w", e.Root, err)
	}
	if err := os.Chdir(e.Folder); err != nil {
		return err
	}
	if err := e.becomeUser(); err != nil {
		return err
	}
	return fmt.Errorf("%s: %w", e.Arguments[0], syscall.Exec(e.Arguments[0], e.Arguments, e.Variables))
}

func (e *entry) mountAll() error {
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		return fmt.Errorf("a mount namespace: %w", err)
	}
	if err := bind(e.Root, e.Root, e.ReadOnly); err != nil {
		return err
	}
	for _, m := range e.Mounts {
		if err := bind(m.Source, filepath.Join(e.Root, m.Target), m.ReadOnly); err != nil {
			return err
		}
	}
	return unix.Mount("proc", filepath.Join(e.Root, "proc"), "proc", 0, "")
}

func bind(source, target string, readOnly bool) error {
	if err := unix.Mount(source, target, "", unix.MS_BIND|unix.MS_REC, ""); err != nil {
		return fmt.Errorf("%s on %s: %w", source, target, err)
	}
	if !readOnly {
		return nil
	}
	return unix.Mount("", target, "", unix.MS_BIND|unix.MS_REMOUNT|unix.MS_RDONLY, "")
}

// becomeUser says again that the kernel is to kill it with its node: a change of user unsays it.
func (e *entry) becomeUser() error {
	if err := syscall.Setgroups(e.Groups); err != nil {
		return err
	}
	if err := syscall.Setgid(e.Group); err != nil {
		return err
	}
	if err := syscall.Setuid(e.User); err != nil {
		return err
	}
	if !e.Raise {
		if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
			return err
		}
	}
	return unix.Prctl(unix.PR_SET_PDEATHSIG, uintptr(unix.SIGKILL), 0, 0, 0)
}
