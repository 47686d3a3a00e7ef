#!/bin/sh
# Makes the passwords of docker-compose.yml, and the key that seals second factors, in ./secrets, where
# they are missing.
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
keys="secrets/second_factor_keys"
if [ ! -s "$keys" ]; then
    head -c 32 /dev/urandom | base64 >"$keys"
    chmod 444 "$keys"
fi
