"""Asks an engine for the beginnings of titles, fifty times a second, until it is ended: `ask.py HOST:PORT PATH TITLES`."""

import http.client
import json
import random
import sys
import time

connection = http.client.HTTPConnection(sys.argv[1])
while True:
    begun = time.monotonic()
    first, second, *_ = random.choice(json.loads(sys.argv[3])).lower().split()
    must = [{"match": {"all": {"query": first}}}, {"match_bool_prefix": {"all": {"query": second[:3]}}}]
    body = json.dumps({"query": {"bool": {"must": must}}, "size": 50})
    connection.request("POST", sys.argv[2], body, {"Content-Type": "application/json"})
    connection.getresponse().read()
    time.sleep(max(0, begun + 0.02 - time.monotonic()))
