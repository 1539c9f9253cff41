# Configuration of dais-publisher. dais-publisher --print-config prints all settings and what each
# of them does.
genesis = "/etc/dais/genesis/dialogue-2027.genesis"

site
    folder = "/var/lib/dais/publisher/site"
    interval = "2 s"

broker
    door = "ipc:///run/dais/door/broker"
