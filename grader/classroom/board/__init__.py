"""The board: a page that shows a workshop to its teacher, and one for everybody's eyes. It only reads (docs/board.md).

source   the cluster -> a snapshot                    history   what was seen of each desk, kept in a file
stuck, standing   snapshot + history -> who is where  shown     -> what each page is told, as plain data
watcher  does this once a second                      feed      -> what changed since a page last heard
server   hands out the pages and the feeds            links     tokens and port, kept over a restart
"""
