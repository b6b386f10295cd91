SELECT arg_max(outage, lost) FROM losses
