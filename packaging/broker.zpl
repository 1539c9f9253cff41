# Configuration of dais-broker. dais-broker --print-config prints all settings and what each of
# them does.
front
    endpoint = "tcp://*:7400"
    secret-key = /etc/dais/broker.key
    rosters = /var/lib/dais/rosters

door
    endpoint = "ipc:///run/dais/door/broker"

back
    endpoint = "ipc:///run/dais/back/broker"

queue
    bytes = "128 MiB"
    expiry = "30 s"
