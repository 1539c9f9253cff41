# Configuration of dais-intake. `dais-intake --print-config` shows every setting and what it does.
key = "/etc/dais/intake.secret"
rosters = "/var/lib/dais/rosters"
broker
    back = "ipc:///run/dais/back/broker"
    door = "ipc:///run/dais/door/broker"
spool
    folder = "/var/lib/dais/intake"
    size = "16 GiB"
    disk-floor = "256 MiB"
    ballast = "64 MiB"
