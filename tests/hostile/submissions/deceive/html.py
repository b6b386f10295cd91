# tries: puts scripts, styles and forms into its log, its answers and its headers, for the browser that shows the report
# ends: fail objective-missed
# quick: yes
import http.server
import json

from attempts import say

MARK = "</script></pre></title></textarea><script>hostile</script><hostile-mark onload=alert(1)><img src=x onerror=alert(2)>"
FORM = '"><form action=http://127.0.0.1:@PORT@/><input name=verdict value=pass><style>.fail{display:none}</style><!--'
plain = http.server.BaseHTTPRequestHandler.send_response
dumps = json.dumps


def send_response(self, status, message=None):
    plain(self, status, MARK)
    self.send_header("x-served-by", MARK + FORM)
    self.send_header("content-language", MARK)


def marked(what, **how):
    return dumps({**what, "team": what["team"] + MARK} if "team" in what else what, **how)


http.server.BaseHTTPRequestHandler.send_response = send_response
json.dumps = marked
for text in (
    MARK,
    FORM,
    "{{ 7 * 7 }} {% raw %} ${hostile} <%= hostile %>",
    "javascript:alert(1)",
    "]]><hostile-mark/>",
):
    say(f"TRIED {text}")
