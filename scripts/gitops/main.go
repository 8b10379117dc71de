// Command health says how tools for GitOps see Kubernetes objects: by kstatus, as Flux does, and by the health script
// for Argo CD, which runs in the same interpreter as there. It reads what `kubectl get -o json` prints and writes a line
// for each object: kind, name, kstatus, health.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"

	"github.com/fluxcd/cli-utils/pkg/kstatus/status"
	lua "github.com/yuin/gopher-lua"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: kubectl get … -o json | health SCRIPT.lua")
		os.Exit(64)
	}
	if err := run(os.Args[1], os.Stdin); err != nil {
		fmt.Fprintln(os.Stderr, "health:", err)
		os.Exit(1)
	}
}

func run(file string, in io.Reader) error {
	script, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var list struct {
		Items []map[string]any `json:"items"`
	}
	if err := json.NewDecoder(in).Decode(&list); err != nil {
		return err
	}
	for _, item := range list.Items {
		object := unstructured.Unstructured{Object: item}
		flux, err := kstatus(&object)
		if err != nil {
			return err
		}
		argo, err := health(string(script), item)
		if err != nil {
			return fmt.Errorf("%s %s: %w", object.GetKind(), object.GetName(), err)
		}
		fmt.Println(object.GetKind(), object.GetName(), flux, argo)
	}
	return nil
}

// kstatus wants whole numbers where encoding/json makes floating ones.
func kstatus(object *unstructured.Unstructured) (status.Status, error) {
	text, err := object.MarshalJSON()
	if err != nil {
		return "", err
	}
	whole := &unstructured.Unstructured{}
	if err := whole.UnmarshalJSON(text); err != nil {
		return "", err
	}
	result, err := status.Compute(whole)
	if err != nil {
		return "", err
	}
	return result.Status, nil
}

// health runs the script as Argo CD does: the object is the global obj, and a table with status is returned.
func health(script string, object map[string]any) (string, error) {
	state := lua.NewState(lua.Options{SkipOpenLibs: true})
	defer state.Close()
	for name, open := range map[string]lua.LGFunction{
		lua.BaseLibName: lua.OpenBase, lua.TabLibName: lua.OpenTable, lua.StringLibName: lua.OpenString,
	} {
		state.Push(state.NewFunction(open))
		state.Push(lua.LString(name))
		state.Call(1, 0)
	}
	state.SetGlobal("obj", value(state, object))
	if err := state.DoString(script); err != nil {
		return "", err
	}
	table, ok := state.Get(-1).(*lua.LTable)
	if !ok {
		return "", fmt.Errorf("the script returns no table")
	}
	return table.RawGetString("status").String(), nil
}

func value(state *lua.LState, of any) lua.LValue {
	switch of := of.(type) {
	case map[string]any:
		table := state.NewTable()
		for name, member := range of {
			table.RawSetString(name, value(state, member))
		}
		return table
	case []any:
		table := state.NewTable()
		for _, element := range of {
			table.Append(value(state, element))
		}
		return table
	case string:
		return lua.LString(of)
	case float64:
		return lua.LNumber(of)
	case bool:
		return lua.LBool(of)
	}
	return lua.LNil
}
