package main

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"sync"
	"time"

	authenticationv1 "k8s.io/api/authentication/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	volumeutil "k8s.io/kubernetes/pkg/volume/util"
)

// volumes are a Pod's folders on this machine. Each write makes them what the cluster says now; a reader sees the old
// content of one or the new, never a mixture.
type volumes struct {
	node   *node
	pod    *corev1.Pod
	ip     string
	folder string

	mutex  sync.Mutex
	tokens map[string]token // by place
}

type token struct {
	text    string
	renewAt time.Time
}

type files = map[string]volumeutil.FileProjection

func (v *volumes) path(volume string) string { return filepath.Join(v.folder, volume) }

func (v *volumes) write(ctx context.Context) error {
	v.mutex.Lock()
	defer v.mutex.Unlock()
	for i := range v.pod.Spec.Volumes {
		volume := &v.pod.Spec.Volumes[i]
		if err := v.writeOne(ctx, volume); err != nil {
			return fmt.Errorf("volume %s: %w", volume.Name, err)
		}
	}
	return nil
}

func (v *volumes) writeOne(ctx context.Context, volume *corev1.Volume) error {
	folder := v.path(volume.Name)
	if volume.EmptyDir != nil {
		return v.makeEmpty(folder)
	}
	content, err := v.read(ctx, volume)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	writer, err := volumeutil.NewAtomicWriter(folder, volume.Name)
	if err != nil {
		return err
	}
	return writer.Write(content, nil)
}

func (v *volumes) makeEmpty(folder string) error {
	if err := os.MkdirAll(folder, 0o777); err != nil {
		return err
	}
	if group := v.group(); group != nil {
		if err := os.Chown(folder, -1, int(*group)); err != nil {
			return err
		}
	}
	return os.Chmod(folder, os.ModeSetgid|0o777)
}

func (v *volumes) group() *int64 {
	if security := v.pod.Spec.SecurityContext; security != nil {
		return security.FSGroup
	}
	return nil
}

func (v *volumes) user() *int64 {
	if security := v.pod.Spec.SecurityContext; security != nil {
		return security.RunAsUser
	}
	return nil
}

func (v *volumes) read(ctx context.Context, volume *corev1.Volume) (files, error) {
	switch {
	case volume.ConfigMap != nil:
		source := volume.ConfigMap
		return v.configMap(ctx, source.Name, source.Items, source.Optional, *source.DefaultMode)
	case volume.Secret != nil:
		source := volume.Secret
		return v.secret(ctx, source.SecretName, source.Items, source.Optional, *source.DefaultMode)
	}
	content := files{}
	for i := range volume.Projected.Sources {
		part, err := v.projection(ctx, volume.Name, &volume.Projected.Sources[i], *volume.Projected.DefaultMode)
		if err != nil {
			return nil, err
		}
		maps.Copy(content, part)
	}
	return content, nil
}

func (v *volumes) projection(ctx context.Context, volume string, source *corev1.VolumeProjection, mode int32) (files, error) {
	switch {
	case source.ServiceAccountToken != nil:
		return v.token(ctx, volume, source.ServiceAccountToken)
	case source.ConfigMap != nil:
		return v.configMap(ctx, source.ConfigMap.Name, source.ConfigMap.Items, source.ConfigMap.Optional, mode)
	case source.Secret != nil:
		return v.secret(ctx, source.Secret.Name, source.Secret.Items, source.Secret.Optional, mode)
	case source.DownwardAPI != nil:
		return v.downward(source.DownwardAPI.Items, mode)
	}
	return nil, fmt.Errorf("this node projects tokens, ConfigMaps, Secrets and the Pod's own fields")
}

func (v *volumes) configMap(ctx context.Context, name string, items []corev1.KeyToPath, optional *bool, mode int32) (files, error) {
	found, err := v.node.client.CoreV1().ConfigMaps(v.pod.Namespace).Get(ctx, name, metav1.GetOptions{})
	if err != nil {
		return nil, unlessOptional(err, optional)
	}
	content := map[string][]byte{}
	for key, text := range found.Data {
		content[key] = []byte(text)
	}
	maps.Copy(content, found.BinaryData)
	return choose(content, items, mode)
}

func (v *volumes) secret(ctx context.Context, name string, items []corev1.KeyToPath, optional *bool, mode int32) (files, error) {
	found, err := v.node.client.CoreV1().Secrets(v.pod.Namespace).Get(ctx, name, metav1.GetOptions{})
	if err != nil {
		return nil, unlessOptional(err, optional)
	}
	return choose(found.Data, items, mode)
}

func unlessOptional(err error, optional *bool) error {
	if apierrors.IsNotFound(err) && optional != nil && *optional {
		return nil
	}
	return err
}

// choose takes everything where no items are named.
func choose(content map[string][]byte, items []corev1.KeyToPath, mode int32) (files, error) {
	chosen := files{}
	for key, data := range content {
		if len(items) == 0 {
			chosen[key] = volumeutil.FileProjection{Data: data, Mode: mode}
		}
	}
	for _, item := range items {
		data, found := content[item.Key]
		if !found {
			return nil, fmt.Errorf("there is no key %s", item.Key)
		}
		its := mode
		if item.Mode != nil {
			its = *item.Mode
		}
		chosen[item.Path] = volumeutil.FileProjection{Data: data, Mode: its}
	}
	return chosen, nil
}

func (v *volumes) downward(items []corev1.DownwardAPIVolumeFile, mode int32) (files, error) {
	content := files{}
	for _, item := range items {
		text, err := field(v.pod, v.ip, item.FieldRef)
		if err != nil {
			return nil, err
		}
		content[item.Path] = volumeutil.FileProjection{Data: []byte(text), Mode: mode}
	}
	return content, nil
}

// token asks for a token that is good for as long as the Pod is, and for another when four fifths of its time are over.
func (v *volumes) token(ctx context.Context, volume string, source *corev1.ServiceAccountTokenProjection) (files, error) {
	place := volume + "/" + source.Path
	if held := v.tokens[place]; time.Now().Before(held.renewAt) {
		return v.tokenFile(source.Path, held), nil
	}
	request := &authenticationv1.TokenRequest{Spec: authenticationv1.TokenRequestSpec{
		ExpirationSeconds: source.ExpirationSeconds,
		BoundObjectRef: &authenticationv1.BoundObjectReference{
			APIVersion: "v1", Kind: "Pod", Name: v.pod.Name, UID: v.pod.UID,
		},
	}}
	if source.Audience != "" {
		request.Spec.Audiences = []string{source.Audience}
	}
	accounts := v.node.client.CoreV1().ServiceAccounts(v.pod.Namespace)
	given, err := accounts.CreateToken(ctx, v.pod.Spec.ServiceAccountName, request, metav1.CreateOptions{})
	if err != nil {
		return nil, err
	}
	if v.tokens == nil {
		v.tokens = map[string]token{}
	}
	good := time.Until(given.Status.ExpirationTimestamp.Time)
	v.tokens[place] = token{given.Status.Token, time.Now().Add(good * 4 / 5)}
	return v.tokenFile(source.Path, v.tokens[place]), nil
}

// tokenFile can be read by the user that the Pod runs as, and nobody else.
func (v *volumes) tokenFile(path string, held token) files {
	return files{path: {Data: []byte(held.text), Mode: 0o600, FsUser: v.user()}}
}
