"""What runtimes share that deploy into containers: who owns what, ports, mounts, bringing services up in order."""
