#!/bin/sh
# Stands for st-flash, st-info, openocd or dfu-util, under whose name it is installed. Replays what $FAKE_TOOLS/NAME.ACTION
# holds (.text, .exit, .sleep) and keeps a Flash in $FAKE_TOOLS/flash.bin: reading and writing are real unless .fails says
# that they are not. Programs by their full paths: PATH leads to the fakes alone.
name=${0##*/}
here=$FAKE_TOOLS
echo "$name $*" >>"$here/calls"

file= bytes= action=identify previous=
for argument; do
  case $previous in
  write) action=write file=$argument ;;
  read) action=read file=$argument ;;
  -D) action=write file=$argument ;;
  -U) action=read file=$argument ;;
  -s) bytes=${argument#*:} bytes=${bytes%%:*} ;;
  esac
  case $argument in
  program*) action=write file=${argument#*\{} file=${file%%\}*} ;;
  dump_image*) action=read file=${argument#*\{} file=${file%%\}*} bytes=$((${argument##* })) ;;
  esac
  previous=$argument
done
if [ "$name" = st-flash ] && [ $action = read ]; then bytes=$((previous)); fi

said=$here/$name.$action
if [ -f "$said.text" ]; then /bin/cat "$said.text"; fi
if [ -f "$said.sleep" ]; then exec /bin/sleep "$(/bin/cat "$said.sleep")"; fi
if ! [ -f "$said.fails" ]; then
  case $action in
  write) /bin/dd if="$file" of="$here/flash.bin" conv=notrunc status=none ;;
  read) /usr/bin/head -c "$bytes" "$here/flash.bin" >"$file" ;;
  esac
fi
if [ -f "$said.exit" ]; then exit "$(/bin/cat "$said.exit")"; fi
