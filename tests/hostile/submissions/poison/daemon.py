# tries: leaves a daemon that outlives its end: forked twice, without a name, holding its port and asking for more
# ends: fail objective-missed
import os
import signal
import socket
import time

from attempts import say

if os.fork() == 0:
    os.setsid()
    if os.fork() != 0:
        os._exit(0)
    os.chdir("/")
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT):
        signal.signal(number, signal.SIG_IGN)
    with open("/proc/self/comm", "w") as comm:
        comm.write("kworker/0:1")
    held = [socket.create_server(("0.0.0.0", port)) for port in (8081, 8474, 9000)]
    say(f"TRIED to stay, as {os.getpid()}, on {len(held)} ports")
    while True:
        time.sleep(0.5)
        if os.fork() == 0:
            time.sleep(5)
            os._exit(0)
