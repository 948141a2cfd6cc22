#!/usr/bin/env bash
# PostgreSQL 15 with PostGIS, Debian's: the tests run every migration on it too. Installs it where that can be done, else says how.
set -u
programs=/usr/lib/postgresql/15
[ -x "$programs/bin/initdb" ] && [ -f "/usr/share/postgresql/15/extension/postgis.control" ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "plait: installing PostgreSQL 15 with PostGIS for the tests (once)"
  log=$(mktemp)
  # the tests make clusters of their own: Debian's should neither be made nor started
  mkdir -p /etc/postgresql-common
  [ -e /etc/postgresql-common/createcluster.conf ] || echo "create_main_cluster = false" >/etc/postgresql-common/createcluster.conf
  if apt-get update -qq >"$log" 2>&1 && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql-15 postgresql-15-postgis-3 >>"$log" 2>&1; then
    exit 0
  fi
  tail -n 20 "$log"
fi
echo "plait: no PostgreSQL 15 with PostGIS here, so its tests will be skipped; on Debian: apt-get install postgresql-15-postgis-3"
