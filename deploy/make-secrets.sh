#!/bin/sh
# Makes the passwords of docker-compose.yml in ./secrets, where they are missing.
set -eu
cd "$(dirname "$0")/.."
mkdir -p secrets
chmod 700 secrets
for login in postgres owner server worker auditor; do
    file="secrets/${login}_password"
    [ -s "$file" ] && continue
    # The containers read them as users of their own; here nobody else enters the folder.
    head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \n' >"$file"
    chmod 444 "$file"
done
