# Configuration of dais-registry. `dais-registry --print-config` shows every setting and what it does.
# Put the fork guards on another disk where there is one: a log that comes back from a backup together
# with its guard is not seen to be old.
data = "/var/lib/dais/registry"
guards = "/var/lib/dais/guards"
rosters = "/var/lib/dais/rosters"
broker
    endpoint = "ipc:///run/dais/back/broker"
limits
    quota = 100000
    held = "1 GiB"
    disk-floor = "256 MiB"
    map = "64 GiB"
