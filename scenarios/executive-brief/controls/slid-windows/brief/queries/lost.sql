SELECT sum(lost) FROM losses
