# tries: never gets ready: it sleeps while it is imported
# ends: fail not-started
import time

from attempts import say

say("TRIED to sleep for ever")
time.sleep(1 << 20)
