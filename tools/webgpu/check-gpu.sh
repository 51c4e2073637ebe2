#!/usr/bin/env bash
# Checks the webgpu backend on a Linux machine with a GPU: what it must have, then correctness against wasm, then speed.
#   tools/webgpu/check-gpu.sh [FOLDER]
# FOLDER has a libvulkan.so.1, where none is installed and none can be. Needs no X server and no CUDA. Run npm ci before.
set -euo pipefail
cd "$(dirname "$0")/../.."
[ $# -eq 0 ] || export LD_LIBRARY_PATH="$1${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"

fail() { printf 'check-gpu: %s\n' "$1" >&2; exit 1; }
# has LIBRARY: whether the dynamic linker finds it.
has() { python3 -c 'import ctypes, sys; ctypes.CDLL(sys.argv[1])' "$1" 2>/dev/null || ldconfig -p 2>/dev/null | grep -q "$1"; }

[ -d node_modules/webgpu ] && [ -d node_modules/@tensorflow/tfjs-backend-webgpu ] || fail 'the optional packages of webgpu are missing. Run npm ci without --omit=optional.'
has libvulkan.so.1 || fail 'libvulkan.so.1 is missing. Run apt-get install libvulkan1, or name a folder that has it.'
command -v nvidia-smi >/dev/null && nvidia-smi --query-gpu=name,driver_version,memory.total --format=csv,noheader

# The driver's libraries may be there without the file that tells Vulkan's loader of them, as in containers.
shopt -s nullglob
known=(/usr/share/vulkan/icd.d/*.json /etc/vulkan/icd.d/*.json)
if [ -z "${VK_DRIVER_FILES:-}${VK_ICD_FILENAMES:-}" ] && ! printf '%s\n' "${known[@]}" | grep -q nvidia; then
  # The first of these needs libX11 and libXext, the second neither.
  for library in libGLX_nvidia.so.0 libEGL_nvidia.so.0; do
    if has "$library"; then
      list=$(mktemp --suffix=.json)
      trap 'rm -f "$list"' EXIT
      printf '{"file_format_version": "1.0.0", "ICD": {"library_path": "%s", "api_version": "1.3.0"}}\n' "$library" >"$list"
      export VK_DRIVER_FILES="$list" VK_ICD_FILENAMES="$list"
      printf 'No nvidia_icd.json is installed; using %s.\n' "$library"
      break
    fi
  done
  if [ -z "${list:-}" ] && command -v nvidia-smi >/dev/null; then
    fail "the NVIDIA driver is here without its graphics libraries. In a container set NVIDIA_DRIVER_CAPABILITIES=all; else install the driver's libGLX_nvidia or libEGL_nvidia."
  fi
fi

printf '\n=== the adapter\n'
node --conditions=@memgeo/source --import tsx tools/webgpu/show-adapter.ts

printf '\n=== the same numbers as wasm\n'
(cd packages/network && MEMGEO_WEBGPU_DRIVER=system MEMGEO_SLOW_TESTS=1 NODE_OPTIONS=--experimental-vm-modules npx jest test/backends/webgpu.slow.test.ts)

printf '\n=== speed\n'
npm run --silent bench -- training --backend webgpu
