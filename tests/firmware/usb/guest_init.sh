#!/busybox sh
# First process of the guest: loads USB and the files of the computer that emulates it, says what the kernel found, and runs
# /commands among those files. Lines that begin with "GUEST" are what the test waits for.
/busybox mkdir -p /bin /proc /sys /dev /host
/busybox --install -s /bin
export PATH=/bin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev

for module in virtio_pci 9pnet_virtio 9p xhci-pci; do
  modprobe "$module" || echo "GUEST failed: modprobe $module"
done
mount -t 9p -o trans=virtio,version=9p2000.L,msize=262144,cache=loose,ro host /host || echo "GUEST failed: mount"
echo "GUEST booted"

find_device() {
  for device in /sys/bus/usb/devices/*; do
    [ "$(cat "$device/idVendor" 2>/dev/null)" = 1209 ] && [ -d "$device:1.0" ] && return 0
  done
  return 1
}
tries=0
until find_device; do
  tries=$((tries + 1))
  if [ $tries = 300 ]; then
    dmesg | tail -n 30
    echo "GUEST failed: no device"
    poweroff -f
  fi
  sleep 0.1
done
for name in idVendor idProduct bcdDevice version speed manufacturer product serial bNumConfigurations bConfigurationValue \
  bMaxPower bMaxPacketSize0 bNumInterfaces; do
  echo "GUEST $name=$(cat "$device/$name")"
done
for endpoint in "$device:1.0"/ep_*; do
  echo "GUEST endpoint=$(cat "$endpoint/bEndpointAddress") $(cat "$endpoint/type") $(cat "$endpoint/wMaxPacketSize")"
done
echo "GUEST class=$(cat "$device:1.0/bInterfaceClass")"
echo "GUEST descriptors=$(hexdump -v -e '1/1 "%02x"' "$device/descriptors")"

mount -t tmpfs run /host/run
mount -o bind /proc /host/proc
mount -o bind /sys /host/sys
mount -o bind /dev /host/dev
cp /commands /host/run/commands
chroot /host /bin/sh /run/commands
echo "GUEST done"
poweroff -f
