#!/usr/bin/env bash
# The studio is tested in a real browser: Debian's chromium. Installs it where that can be done, else says how.
set -u
command -v chromium >/dev/null && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "plait: installing chromium for the browser tests (once)"
  log=$(mktemp)
  if apt-get update -qq >"$log" 2>&1 && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core >>"$log" 2>&1; then
    exit 0
  fi
  tail -n 20 "$log"
fi
echo "plait: no chromium here, so the browser tests will be skipped; on Debian: apt-get install chromium"
